/* VM exit saves the guest's state (SDM 3C 28.3): from the VMCB into the VMCS, and what VM exit says of itself. */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "lib/string.h"
#include "vmx/svm/guest.h"

#define RFLAGS_EXISTING 0x3f7fd7ull /* bits 21:16, 14:6, 4, 2 to 0: the others read as 0 */

static uint32_t
rights_of(const struct svm_guest *guest, unsigned index, const struct vmcb_segment *segment)
{
	uint32_t rights = (segment->attributes & 0xffu) | (segment->attributes & 0xf00u) << 4;
	bool real = !(guest->vmcb->cr0 & CR0_PE);

	if (index == VMCB_TR)
		return rights | TYPE_BUSY;
	/* A null selector in LDTR leaves TCG's attributes as they were. */
	if (!(rights & RIGHTS_P) || (index == VMCB_LDTR && segment->selector < 4))
		return RIGHTS_UNUSABLE | (index == VMCB_SS ? rights & RIGHTS_DPL : 0);
	/* In real mode TCG has user's rights in what IRET loads. */
	if (real)
		rights &= ~RIGHTS_DPL;
	/* A segment is accessed when it is loaded. */
	return rights & RIGHTS_S ? rights | TYPE_ACCESSED : rights;
}

static void
save_segments(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;

	for (unsigned i = 0; i < SEGMENT_REGISTERS; i++) {
		unsigned index = svm_segments[i];
		const struct vmcb_segment *now = &vmcb->segments[index];
		const struct vmcb_segment *then = &guest->loaded[index];
		uint32_t step = VMCS_NEXT_FIELD * i;

		/* What the guest has not touched stays as it was written, bit for bit. */
		if (now->selector == then->selector && now->attributes == then->attributes &&
		        now->limit == then->limit && now->base == then->base)
			continue;
		vmcs_set(guest->vmcs, GUEST_ES_SELECTOR + step, now->selector);
		vmcs_set(guest->vmcs, GUEST_ES_BASE + step, now->base);
		vmcs_set(guest->vmcs, GUEST_ES_LIMIT + step, now->limit);
		vmcs_set(guest->vmcs, GUEST_ES_ACCESS_RIGHTS + step, rights_of(guest, index, now));
	}
	vmcs_set(guest->vmcs, GUEST_GDTR_BASE, vmcb->segments[VMCB_GDTR].base);
	vmcs_set(guest->vmcs, GUEST_GDTR_LIMIT, vmcb->segments[VMCB_GDTR].limit & 0xffff);
	vmcs_set(guest->vmcs, GUEST_IDTR_BASE, vmcb->segments[VMCB_IDTR].base);
	vmcs_set(guest->vmcs, GUEST_IDTR_LIMIT, vmcb->segments[VMCB_IDTR].limit & 0xffff);
}

static void
save_control_registers(struct svm_guest *guest)
{
	vmcs_set(guest->vmcs, GUEST_CR0, guest->vmcb->cr0);
	vmcs_set(guest->vmcs, GUEST_CR3, guest->cr3);
	vmcs_set(guest->vmcs, GUEST_CR4, guest->cr4);
	if (svm_uses_pae(guest) && (guest->secondary & SECONDARY_EPT))
		for (unsigned i = 0; i < 4; i++)
			vmcs_set(guest->vmcs, GUEST_PDPTE0 + VMCS_NEXT_FIELD * i, guest->pdptes[i]);
	/* The control follows LMA (28.3.2). */
	guest->entry &= ~VM_ENTRY_IA32E_MODE_GUEST;
	if (guest->efer & EFER_LMA)
		guest->entry |= VM_ENTRY_IA32E_MODE_GUEST;
	vmcs_set(guest->vmcs, VM_ENTRY_CONTROLS, guest->entry);
}

static void
save_msrs(struct svm_guest *guest)
{
	struct vmcs_region *vmcs = guest->vmcs;

	vmcs_set(vmcs, GUEST_IA32_SYSENTER_CS, (uint32_t)guest->vmcb->sysenter_cs);
	vmcs_set(vmcs, GUEST_IA32_SYSENTER_ESP, guest->vmcb->sysenter_esp);
	vmcs_set(vmcs, GUEST_IA32_SYSENTER_EIP, guest->vmcb->sysenter_eip);
	if (guest->exit_controls & VM_EXIT_SAVE_IA32_PAT)
		vmcs_set(vmcs, GUEST_IA32_PAT, guest->pat);
	if (guest->exit_controls & VM_EXIT_SAVE_IA32_EFER)
		vmcs_set(vmcs, GUEST_IA32_EFER, guest->efer);
	if (guest->exit_controls & VM_EXIT_SAVE_IA32_PERF_GLOBAL_CTRL)
		vmcs_set(vmcs, GUEST_IA32_PERF_GLOBAL_CTRL, guest->perf_global_ctrl);
	if (guest->exit_controls & VM_EXIT_SAVE_DEBUG_CONTROLS) {
		vmcs_set(vmcs, GUEST_DR7, guest->vmcb->dr7);
		vmcs_set(vmcs, GUEST_IA32_DEBUGCTL, guest->debugctl);
	}
}

static void
save_exit_information(struct svm_guest *guest)
{
	struct vmcs_region *vmcs = guest->vmcs;
	const struct vm_exit *exit = &guest->exit;

	vmcs_set(vmcs, EXIT_REASON, exit->reason);
	vmcs_set(vmcs, EXIT_QUALIFICATION, exit->qualification);
	vmcs_set(vmcs, VM_EXIT_INTERRUPTION_INFORMATION, exit->interruption);
	vmcs_set(vmcs, VM_EXIT_INTERRUPTION_ERROR_CODE, exit->interruption_error);
	vmcs_set(vmcs, IDT_VECTORING_INFORMATION, exit->idt_vectoring);
	vmcs_set(vmcs, IDT_VECTORING_ERROR_CODE, exit->idt_vectoring_error);
	vmcs_set(vmcs, VM_EXIT_INSTRUCTION_LENGTH, exit->instruction_length);
	vmcs_set(vmcs, VM_EXIT_INSTRUCTION_INFORMATION, exit->instruction_information);
	vmcs_set(vmcs, GUEST_LINEAR_ADDRESS, exit->linear);
	vmcs_set(vmcs, GUEST_PHYSICAL_ADDRESS, exit->physical);
}

void
svm_save_guest(struct svm_guest *guest)
{
	struct vmcs_region *vmcs = guest->vmcs;
	uint64_t event = vmcs_get(vmcs, VM_ENTRY_INTERRUPTION_INFORMATION);

	save_segments(guest);
	save_control_registers(guest);
	save_msrs(guest);
	save_exit_information(guest);
	vmcs_set(vmcs, GUEST_RIP, guest->vmcb->rip);
	vmcs_set(vmcs, GUEST_RSP, guest->registers[4]);
	vmcs_set(vmcs, GUEST_RFLAGS, (guest->vmcb->rflags & RFLAGS_EXISTING) | RFLAGS_ONE);
	vmcs_set(vmcs, GUEST_ACTIVITY_STATE, guest->activity);
	vmcs_set(vmcs, GUEST_INTERRUPTIBILITY_STATE, guest->interruptibility);
	vmcs_set(vmcs, GUEST_PENDING_DEBUG_EXCEPTIONS, guest->pending_debug);
	vmcs_set(vmcs, VM_ENTRY_INTERRUPTION_INFORMATION, event & ~(uint64_t)EVENT_VALID);
}
