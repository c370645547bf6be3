/* Control fields and host state: the parts of a VMCS that no lab owns. */
#include "vmx/controls.h"

#include "cpu/descriptors.h"
#include "cpu/x86.h"
#include "vmx/backend.h"
#include "vmx/entry.h"

#include <r33/msr.h>
#include <r33/vmcs_fields.h>

const struct control_bits no_controls;

/* A control field, what we want there for every guest, and what there is. */
struct control_field {
	uint32_t field;
	uint32_t wanted;
	uint32_t on, off; /* for this guest */
	struct allowed_settings allowed;
};

enum { PRIMARY_FIELD = 1, CONTROL_FIELD_COUNT = 5 };

static void
list_fields(struct control_field *fields, const struct capabilities *capabilities,
        const struct control_bits *on, const struct control_bits *off)
{
	const struct control_field list[CONTROL_FIELD_COUNT] = {
		{ PIN_BASED_VM_EXECUTION_CONTROLS,
		        PIN_EXTERNAL_INTERRUPT_EXITING | PIN_NMI_EXITING | PIN_PREEMPTION_TIMER,
		        on->pin_based, off->pin_based, capabilities->pin_based },
		[PRIMARY_FIELD] = { PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
		        PRIMARY_HLT_EXITING | PRIMARY_UNCONDITIONAL_IO | PRIMARY_SECONDARY,
		        on->primary, off->primary, capabilities->primary },
		{ SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
		        SECONDARY_EPT | SECONDARY_UNRESTRICTED_GUEST, on->secondary, off->secondary,
		        capabilities->secondary },
		{ VM_EXIT_CONTROLS,
		        EXIT_SAVE_DEBUG_CONTROLS | EXIT_HOST_ADDRESS_SPACE_SIZE |
		                EXIT_LOAD_IA32_PAT | EXIT_LOAD_IA32_EFER,
		        on->exit, off->exit, capabilities->exit },
		{ VM_ENTRY_CONTROLS,
		        ENTRY_LOAD_DEBUG_CONTROLS | ENTRY_LOAD_IA32_PAT | ENTRY_LOAD_IA32_EFER,
		        on->entry, off->entry, capabilities->entry },
	};

	for (unsigned i = 0; i < CONTROL_FIELD_COUNT; i++)
		fields[i] = list[i];
}

uint32_t
controls_impossible(const struct capabilities *capabilities, const struct control_bits *on,
        const struct control_bits *off, uint32_t *bits)
{
	struct control_field fields[CONTROL_FIELD_COUNT];

	list_fields(fields, capabilities, on, off);
	for (unsigned i = 0; i < CONTROL_FIELD_COUNT; i++) {
		*bits = (fields[i].on & ~fields[i].allowed.may_be_one) |
		        (fields[i].off & fields[i].allowed.must_be_one);
		if (*bits)
			return fields[i].field;
	}
	return 0;
}

/* What we want, cut to what there is, with what must be. */
static uint32_t
adjusted(const struct control_field *field)
{
	uint32_t wanted = (field->wanted & ~field->off) | field->on;

	return (wanted | field->allowed.must_be_one) & field->allowed.may_be_one;
}

void
controls_write(const struct capabilities *capabilities, bool ia32e_mode_guest, uint64_t ept_pointer,
        const struct control_bits *on, const struct control_bits *off)
{
	struct control_field fields[CONTROL_FIELD_COUNT];
	struct control_bits all_on = *on;

	if (ia32e_mode_guest)
		all_on.entry |= ENTRY_IA32E_MODE_GUEST;
	list_fields(fields, capabilities, &all_on, off);
	for (unsigned i = 0; i < CONTROL_FIELD_COUNT; i++)
		if (fields[i].allowed.may_be_one) /* else there is no such field */
			vmcs_write(fields[i].field, adjusted(&fields[i]));
	if (capabilities->ept)
		vmcs_write(EPT_POINTER, ept_pointer);
	/* Every exception exits: what goes wrong in a guest is told by its name, not as a triple fault. */
	vmcs_write(EXCEPTION_BITMAP, 0xffffffff);
	vmcs_write(PAGE_FAULT_ERROR_CODE_MASK, 0);
	vmcs_write(PAGE_FAULT_ERROR_CODE_MATCH, 0);
	vmcs_write(CR3_TARGET_COUNT, 0);
	vmcs_write(VM_EXIT_MSR_STORE_COUNT, 0);
	vmcs_write(VM_EXIT_MSR_LOAD_COUNT, 0);
	vmcs_write(VM_ENTRY_MSR_LOAD_COUNT, 0);
	vmcs_write(VM_ENTRY_INTERRUPTION_INFORMATION, 0);
	/* The guest reads its CR0 and CR4 as they are. */
	vmcs_write(CR0_GUEST_HOST_MASK, 0);
	vmcs_write(CR4_GUEST_HOST_MASK, 0);
	vmcs_write(CR0_READ_SHADOW, 0);
	vmcs_write(CR4_READ_SHADOW, 0);
}

void
host_state_write(const struct capabilities *capabilities)
{
	vmcs_write(HOST_CR0, read_cr0());
	vmcs_write(HOST_CR4, read_cr4());
	vmcs_write(HOST_CS_SELECTOR, SELECTOR_KERNEL_CODE);
	vmcs_write(HOST_SS_SELECTOR, SELECTOR_KERNEL_DATA);
	vmcs_write(HOST_DS_SELECTOR, 0);
	vmcs_write(HOST_ES_SELECTOR, 0);
	vmcs_write(HOST_FS_SELECTOR, 0);
	vmcs_write(HOST_GS_SELECTOR, 0);
	vmcs_write(HOST_TR_SELECTOR, SELECTOR_TSS);
	vmcs_write(HOST_FS_BASE, 0);
	vmcs_write(HOST_GS_BASE, 0);
	vmcs_write(HOST_TR_BASE, descriptors_tss_base());
	vmcs_write(HOST_GDTR_BASE, descriptors_gdt_base());
	vmcs_write(HOST_IDTR_BASE, descriptors_idt_base());
	vmcs_write(HOST_IA32_SYSENTER_CS, 0);
	vmcs_write(HOST_IA32_SYSENTER_ESP, 0);
	vmcs_write(HOST_IA32_SYSENTER_EIP, 0);
	if (capabilities->exit.may_be_one & EXIT_LOAD_IA32_PAT)
		vmcs_write(HOST_IA32_PAT, rdmsr(IA32_PAT));
	if (capabilities->exit.may_be_one & EXIT_LOAD_IA32_EFER)
		vmcs_write(HOST_IA32_EFER, rdmsr(IA32_EFER));
	if (capabilities->exit.may_be_one & EXIT_LOAD_CET_STATE) {
		vmcs_write(HOST_IA32_S_CET, 0);
		vmcs_write(HOST_SSP, 0);
		vmcs_write(HOST_IA32_INTERRUPT_SSP_TABLE_ADDR, 0);
	}
	vmcs_write(HOST_RIP, (uint64_t)vmx_exit_point);
}
