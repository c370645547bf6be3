/*
 * VM entry loads the guest's state (SDM 3C 27.3.2): from the VMCS into the VMCB, and what a VMCB cannot
 * hold into struct svm_guest.
 */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "lib/string.h"
#include "vmx/svm/guest.h"

/* CR0 bits that VM entry does not change: all but PE, MP, EM, TS, NE, WP, AM, PG (SDM 3C 27.3.2.1). */
#define CR0_LOADED (CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_NE | CR0_WP | CR0_AM | CR0_PG)

#define DR7_ONE      0x400ull
#define DR7_RESERVED 0xd000ull /* bits 15, 14 and 12 are loaded as 0 */

const uint8_t svm_segments[SEGMENT_REGISTERS] = { VMCB_ES, VMCB_CS, VMCB_SS, VMCB_DS, VMCB_FS,
	VMCB_GS, VMCB_LDTR, VMCB_TR };

void
svm_load_controls(struct svm_guest *guest)
{
	guest->pin = (uint32_t)svm_field(guest, PIN_BASED_VM_EXECUTION_CONTROLS);
	guest->primary = (uint32_t)svm_field(guest, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS);
	guest->secondary = guest->primary & PRIMARY_ACTIVATE_SECONDARY_CONTROLS
	                           ? (uint32_t)svm_field(
	                                     guest, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS)
	                           : 0;
	guest->entry = (uint32_t)svm_field(guest, VM_ENTRY_CONTROLS);
	guest->exit_controls = (uint32_t)svm_field(guest, VM_EXIT_CONTROLS);
}

/* A TSS is busy in the VMCS; QEMU takes only an available one, and aborts otherwise. */
static uint16_t
attributes_of(uint32_t rights, unsigned index)
{
	uint16_t attributes = (uint16_t)((rights & 0xff) | (rights >> 4 & 0xf00));

	if (index == VMCB_TR)
		return (uint16_t)((attributes & ~TYPE_BUSY) | ATTRIBUTE_P);
	return rights & RIGHTS_UNUSABLE ? attributes & ~ATTRIBUTE_P : attributes;
}

static void
load_segments(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;

	for (unsigned i = 0; i < SEGMENT_REGISTERS; i++) {
		unsigned index = svm_segments[i];
		uint32_t step = VMCS_NEXT_FIELD * i;

		vmcb->segments[index] = (struct vmcb_segment){
			.selector = (uint16_t)svm_field(guest, GUEST_ES_SELECTOR + step),
			.attributes = attributes_of(
			        (uint32_t)svm_field(guest, GUEST_ES_ACCESS_RIGHTS + step), index),
			.limit = (uint32_t)svm_field(guest, GUEST_ES_LIMIT + step),
			.base = svm_field(guest, GUEST_ES_BASE + step),
		};
	}
	vmcb->segments[VMCB_GDTR] = (struct vmcb_segment){
		.limit = (uint32_t)svm_field(guest, GUEST_GDTR_LIMIT),
		.base = svm_field(guest, GUEST_GDTR_BASE),
	};
	vmcb->segments[VMCB_IDTR] = (struct vmcb_segment){
		.limit = (uint32_t)svm_field(guest, GUEST_IDTR_LIMIT),
		.base = svm_field(guest, GUEST_IDTR_BASE),
	};
	memcpy(guest->loaded, vmcb->segments, sizeof(guest->loaded));
}

/* LMA and LME follow the control "IA-32e mode guest"; LME while the guest has paging (27.3.2.1). */
static void
load_efer(struct svm_guest *guest)
{
	uint64_t follows = EFER_LMA | (svm_field(guest, GUEST_CR0) & CR0_PG ? EFER_LME : 0);

	if (guest->entry & VM_ENTRY_LOAD_IA32_EFER)
		guest->efer = svm_field(guest, GUEST_IA32_EFER);
	else
		guest->efer = (guest->host_efer & ~follows) |
		              (guest->entry & VM_ENTRY_IA32E_MODE_GUEST ? EFER_LMA | EFER_LME : 0);
	guest->efer &= ~EFER_SVME;
}

void
svm_load_paging(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;

	vmcb->cr4 = guest->cr4 & guest->cr4_native;
	/* With LME and without paging a #VMEXIT of TCG would leave the host without paging. */
	vmcb->efer = (guest->efer & EFER_LMA ? guest->efer | EFER_LME
	                                     : guest->efer & ~(EFER_LME | EFER_LMA)) |
	             EFER_SVME;
	vmcb->cr3 = guest->cr3;
	if (!svm_uses_pae(guest))
		return;
	/* PDPTEs are registers in VMX; TCG reads them from memory at each walk, and writes to them. */
	memcpy(guest->pdpt, guest->pdptes, sizeof(guest->pdptes));
	vmcb->cr3 = guest->nested->private_guest_physical;
}

static void
load_control_registers(struct svm_guest *guest)
{
	guest->vmcb->cr0 = (guest->host_cr0 & ~(CR0_LOADED | CR0_NW | CR0_CD)) |
	                   (svm_field(guest, GUEST_CR0) & CR0_LOADED) | CR0_ET;
	guest->cr3 = svm_field(guest, GUEST_CR3);
	guest->cr4 = svm_field(guest, GUEST_CR4);
	load_efer(guest);
	if (svm_uses_pae(guest)) {
		for (unsigned i = 0; i < 4; i++)
			guest->pdptes[i] = svm_field(guest, GUEST_PDPTE0 + VMCS_NEXT_FIELD * i);
		if (!(guest->secondary & SECONDARY_EPT))
			svm_load_pdptes(guest, guest->cr3);
	}
	svm_load_paging(guest);
}

static void
load_msrs(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;

	vmcb->sysenter_cs = svm_field(guest, GUEST_IA32_SYSENTER_CS);
	vmcb->sysenter_esp = svm_field(guest, GUEST_IA32_SYSENTER_ESP);
	vmcb->sysenter_eip = svm_field(guest, GUEST_IA32_SYSENTER_EIP);
	guest->pat = guest->entry & VM_ENTRY_LOAD_IA32_PAT ? svm_field(guest, GUEST_IA32_PAT)
	                                                   : guest->host_pat;
	guest->perf_global_ctrl = guest->entry & VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL
	                                  ? svm_field(guest, GUEST_IA32_PERF_GLOBAL_CTRL)
	                                  : 0;
	if (guest->entry & VM_ENTRY_LOAD_DEBUG_CONTROLS) {
		vmcb->dr7 = (svm_field(guest, GUEST_DR7) & 0xffffffff & ~DR7_RESERVED) | DR7_ONE;
		guest->debugctl = svm_field(guest, GUEST_IA32_DEBUGCTL);
	} else {
		vmcb->dr7 = DR7_ONE;
		guest->debugctl = 0;
	}
}

/* What is intercepted always, because VMX exits there or because AMD-V does it otherwise; the rest by the
 * controls. */
static void
load_intercepts(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;

	vmcb->intercept_cr_read = 0x19; /* CR0, CR3, CR4; some versions look up all under CR0 */
	vmcb->intercept_cr_write = 0x19;
	vmcb->intercept_dr_read = guest->primary & PRIMARY_MOV_DR_EXITING ? 0xffff : 0;
	vmcb->intercept_dr_write = 0xffff;
	if (guest->primary & (PRIMARY_TPR_SHADOW | PRIMARY_CR8_LOAD_EXITING))
		vmcb->intercept_cr_write |= 1u << 8;
	if (guest->primary & (PRIMARY_TPR_SHADOW | PRIMARY_CR8_STORE_EXITING))
		vmcb->intercept_cr_read |= 1u << 8;
	vmcb->intercepts = INTERCEPT_INTR | INTERCEPT_NMI | INTERCEPT_CPUID | INTERCEPT_INVD |
	                   INTERCEPT_INVLPGA | INTERCEPT_IO | INTERCEPT_MSR | INTERCEPT_HLT |
	                   INTERCEPT_SHUTDOWN | INTERCEPT_RSM;
	/* MWAIT: TCG would wait for an interrupt, which does not come while the guest is stepped. */
	vmcb->intercepts_more = INTERCEPT_SVM | INTERCEPT_XSETBV | INTERCEPT_WBINVD |
	                        INTERCEPT_ICEBP | INTERCEPT_MWAIT;
	if (guest->primary & PRIMARY_RDTSC_EXITING) {
		vmcb->intercepts |= INTERCEPT_RDTSC;
		vmcb->intercepts_more |= INTERCEPT_RDTSCP;
	}
	if (guest->primary & PRIMARY_RDPMC_EXITING)
		vmcb->intercepts |= INTERCEPT_RDPMC;
	if (guest->primary & PRIMARY_INVLPG_EXITING)
		vmcb->intercepts |= INTERCEPT_INVLPG;
	if (guest->primary & PRIMARY_PAUSE_EXITING)
		vmcb->intercepts |= INTERCEPT_PAUSE;
	if (guest->primary & PRIMARY_MONITOR_EXITING)
		vmcb->intercepts_more |= INTERCEPT_MONITOR;
	if (guest->secondary & SECONDARY_DESCRIPTOR_TABLE_EXITING)
		vmcb->intercepts |= INTERCEPT_TABLES;
	vmcb->tsc_offset =
	        guest->primary & PRIMARY_TSC_OFFSETTING ? svm_field(guest, TSC_OFFSET) : 0;
	vmcb->virtual_interrupt = V_INTR_MASKING;
	vmcb->interrupt_shadow = 0;
	vmcb->event_injection = 0;
	vmcb->exit_interrupt_info = 0;
}

void
svm_load_guest(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;

	load_segments(guest);
	load_control_registers(guest);
	load_msrs(guest);
	load_intercepts(guest);
	vmcb->rip = svm_field(guest, GUEST_RIP);
	vmcb->rflags = svm_field(guest, GUEST_RFLAGS);
	guest->registers[4] = svm_field(guest, GUEST_RSP);
	guest->activity = (uint32_t)svm_field(guest, GUEST_ACTIVITY_STATE);
	guest->interruptibility = (uint32_t)svm_field(guest, GUEST_INTERRUPTIBILITY_STATE);
	guest->pending_debug = svm_field(guest, GUEST_PENDING_DEBUG_EXCEPTIONS);
}
