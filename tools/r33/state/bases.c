/* Base states: see bases.h. */
#include "bases.h"

#include <string.h>

#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/rflags.h>

#include "base_kinds.h"
#include "rules/batch.h"

/* Controls (SDM 3C, "VM-Execution Control Fields" and the following). */
#define PIN_WANTED (PIN_EXTERNAL_INTERRUPT_EXITING | PIN_NMI_EXITING | PIN_PREEMPTION_TIMER)
#define PRIMARY_WANTED \
	(PRIMARY_HLT_EXITING | PRIMARY_UNCONDITIONAL_IO_EXITING | \
	        PRIMARY_ACTIVATE_SECONDARY_CONTROLS)
#define VM_EXIT_WANTED \
	(VM_EXIT_SAVE_DEBUG_CONTROLS | VM_EXIT_HOST_ADDRESS_SPACE_SIZE | VM_EXIT_LOAD_IA32_PAT | \
	        VM_EXIT_LOAD_IA32_EFER | VM_EXIT_LOAD_CET_STATE)
#define VM_ENTRY_WANTED \
	(VM_ENTRY_LOAD_DEBUG_CONTROLS | VM_ENTRY_LOAD_IA32_PAT | VM_ENTRY_LOAD_IA32_EFER | \
	        VM_ENTRY_IA32E_MODE_GUEST)
#define TSC_RATIO_1             (1ull << 48)
#define EPT_WRITE_BACK_4_LEVELS (MEMORY_TYPE_WB | EPTP_FOUR_LEVELS)

static uint32_t
adjust(uint32_t wanted, struct allowed_settings allowed)
{
	return (wanted | allowed.must_be_one) & allowed.may_be_one;
}

static void
set_controls(struct vmcs *vmcs, const struct capabilities *capabilities)
{
	vmcs_set(
	        vmcs, PIN_BASED_VM_EXECUTION_CONTROLS, adjust(PIN_WANTED, capabilities->pin_based));
	vmcs_set(vmcs, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        adjust(PRIMARY_WANTED, capabilities->primary));
	vmcs_set(vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        adjust(SECONDARY_EPT | SECONDARY_UNRESTRICTED_GUEST, capabilities->secondary));
	vmcs_set(vmcs, VM_EXIT_CONTROLS, adjust(VM_EXIT_WANTED, capabilities->exit));
	vmcs_set(vmcs, VM_ENTRY_CONTROLS, adjust(VM_ENTRY_WANTED, capabilities->entry));
	vmcs_set(vmcs, EXCEPTION_BITMAP, 0xffffffff);
	vmcs_set(vmcs, EPT_POINTER, BASE_EPT | EPT_WRITE_BACK_4_LEVELS);
	vmcs_set(vmcs, VIRTUAL_PROCESSOR_ID, 1);
	vmcs_set(vmcs, TSC_MULTIPLIER, TSC_RATIO_1);
	vmcs_set(vmcs, VMREAD_BITMAP_ADDRESS, BASE_VMREAD_BITMAP);
	vmcs_set(vmcs, VMWRITE_BITMAP_ADDRESS, BASE_VMWRITE_BITMAP);
	vmcs_set(vmcs, IO_BITMAP_A_ADDRESS, BASE_IO_BITMAP_A);
	vmcs_set(vmcs, IO_BITMAP_B_ADDRESS, BASE_IO_BITMAP_B);
	vmcs_set(vmcs, MSR_BITMAP_ADDRESS, BASE_MSR_BITMAP);
	vmcs_set(vmcs, VIRTUAL_APIC_ADDRESS, BASE_VIRTUAL_APIC);
	vmcs_set(vmcs, PML_ADDRESS, BASE_PML);
	vmcs_set(vmcs, VM_ENTRY_MSR_LOAD_ADDRESS, BASE_MSR_LOAD);
}

/* A 64-bit guest at CPL 0: what all bases begin with. */
static void
make_64_bit(struct vmcs *vmcs, const struct capabilities *capabilities)
{
	uint64_t revision = capabilities->vmx_basic & VMCS_REVISION;

	memset(vmcs, 0, sizeof(*vmcs));
	for (unsigned i = 0; i < VMCS_FIELD_COUNT; i++) {
		enum vmcs_field_type type = vmcs_field_type(vmcs_encoding(i));

		vmcs->known[i] = type == VMCS_FIELD_CONTROL || type == VMCS_FIELD_GUEST_STATE;
	}
	vmcs->address = BATCH_VMCS;
	vmcs_set_memory(vmcs, BASE_LINKED, revision);
	vmcs_set_memory(vmcs, BASE_SHADOW, revision | VMCS_SHADOW_INDICATOR);
	vmcs_set_memory(vmcs, BASE_OTHER, revision ^ 1);
	vmcs_set_memory(vmcs, BATCH_VMCS, revision); /* the kernel puts it there */
	set_controls(vmcs, capabilities);
	vmcs_set(vmcs, GUEST_CR0, CR0_PE | CR0_NE | CR0_WP | CR0_PG);
	vmcs_set(vmcs, GUEST_CR3, BASE_CR3);
	vmcs_set(vmcs, GUEST_CR4, CR4_PAE | CR4_VMXE);
	for (unsigned segment = 0; segment < SEGMENTS; segment++)
		set_segment(vmcs, segment, 0x18, 0, 0xffffffff, 0xc093);
	set_segment(vmcs, CS, 0x08, 0, 0xffffffff, 0xa09b);
	set_segment(vmcs, LDTR, 0, 0, 0, 0x10000);
	set_segment(vmcs, TR, 0x20, 0x10000, 0x67, 0x8b);
	vmcs_set(vmcs, GUEST_GDTR_BASE, 0x11000);
	vmcs_set(vmcs, GUEST_GDTR_LIMIT, 0xffff);
	vmcs_set(vmcs, GUEST_IDTR_BASE, 0x12000);
	vmcs_set(vmcs, GUEST_IDTR_LIMIT, 0xffff);
	vmcs_set(vmcs, GUEST_DR7, 0x400);
	vmcs_set(vmcs, GUEST_IA32_PAT, 0x0007040600070406);
	vmcs_set(vmcs, GUEST_IA32_EFER, EFER_LME | EFER_LMA);
	vmcs_set(vmcs, GUEST_RIP, 0x13000);
	vmcs_set(vmcs, GUEST_RSP, 0x14000);
	vmcs_set(vmcs, GUEST_RFLAGS, RFLAGS_ONE);
	vmcs_set(vmcs, VMCS_LINK_POINTER, ~0ull);
}

unsigned
base_count(void)
{
	return base_kind_count;
}

const char *
base_name(unsigned base)
{
	return base_kinds[base].name;
}

int
base_find(const char *name)
{
	for (unsigned i = 0; i < base_count(); i++)
		if (strcmp(base_kinds[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* A control that the base sets and the processor lacks. */
static bool
lacks_control(const struct vmcs *vmcs, const struct capabilities *capabilities)
{
	uint64_t primary = vmcs_get(vmcs, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS);

	return vmcs_get(vmcs, PIN_BASED_VM_EXECUTION_CONTROLS) &
	               ~(uint64_t)capabilities->pin_based.may_be_one ||
	       primary & ~(uint64_t)capabilities->primary.may_be_one ||
	       (primary & PRIMARY_ACTIVATE_SECONDARY_CONTROLS &&
	               vmcs_get(vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) &
	                       ~(uint64_t)capabilities->secondary.may_be_one) ||
	       vmcs_get(vmcs, VM_ENTRY_CONTROLS) & ~(uint64_t)capabilities->entry.may_be_one;
}

const char *
base_make(unsigned base, const struct capabilities *capabilities, struct vmcs *vmcs)
{
	if (base_kinds[base].needs_unrestricted_guest && !capabilities->unrestricted_guest)
		return "no unrestricted guest";
	if (base_kinds[base].needs_ept && !capabilities->ept)
		return "no EPT";
	make_64_bit(vmcs, capabilities);
	if (base_kinds[base].make)
		base_kinds[base].make(vmcs);
	return lacks_control(vmcs, capabilities) ? "the processor lacks the control" : NULL;
}

bool
base_never_returns(const struct vmcs *vmcs)
{
	uint64_t activity = vmcs_get(vmcs, GUEST_ACTIVITY_STATE);
	bool timer = vmcs_get(vmcs, PIN_BASED_VM_EXECUTION_CONTROLS) & PIN_PREEMPTION_TIMER;

	return activity == 3 || ((activity == 1 || activity == 2) && !timer);
}
