/* A VMCS in memory: where its fields are, and which of them a processor has. */
#include "vmx/svm/vmcs.h"

#include <r33/array.h>
#include <r33/controls.h>
#include <r33/vmcs_fields.h>

/* Fields that exist with one of these controls only. */
struct optional_field {
	uint32_t field;
	uint32_t pin, primary, secondary, exit, entry;
};

static const struct optional_field optional_fields[] = {
	{ VIRTUAL_PROCESSOR_ID, .secondary = SECONDARY_VPID },
	{ POSTED_INTERRUPT_NOTIFICATION_VECTOR, .pin = PIN_POSTED_INTERRUPTS },
	{ EPTP_INDEX, .secondary = SECONDARY_EPT_VIOLATION_VE },
	{ GUEST_INTERRUPT_STATUS, .secondary = SECONDARY_VIRTUAL_INTERRUPT_DELIVERY },
	{ GUEST_PML_INDEX, .secondary = SECONDARY_PML },
	{ GUEST_UINV, .entry = VM_ENTRY_LOAD_UINV, .exit = VM_EXIT_CLEAR_UINV },
	{ IO_BITMAP_A_ADDRESS, .primary = PRIMARY_IO_BITMAPS },
	{ IO_BITMAP_B_ADDRESS, .primary = PRIMARY_IO_BITMAPS },
	{ MSR_BITMAP_ADDRESS, .primary = PRIMARY_MSR_BITMAPS },
	{ PML_ADDRESS, .secondary = SECONDARY_PML },
	{ TSC_OFFSET, .primary = PRIMARY_TSC_OFFSETTING },
	{ VIRTUAL_APIC_ADDRESS, .primary = PRIMARY_TPR_SHADOW },
	{ APIC_ACCESS_ADDRESS, .secondary = SECONDARY_VIRTUALIZE_APIC_ACCESSES },
	{ POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, .pin = PIN_POSTED_INTERRUPTS },
	{ VM_FUNCTION_CONTROLS, .secondary = SECONDARY_VM_FUNCTIONS },
	{ EPT_POINTER, .secondary = SECONDARY_EPT },
	{ EOI_EXIT_BITMAP0, .secondary = SECONDARY_VIRTUAL_INTERRUPT_DELIVERY },
	{ EOI_EXIT_BITMAP1, .secondary = SECONDARY_VIRTUAL_INTERRUPT_DELIVERY },
	{ EOI_EXIT_BITMAP2, .secondary = SECONDARY_VIRTUAL_INTERRUPT_DELIVERY },
	{ EOI_EXIT_BITMAP3, .secondary = SECONDARY_VIRTUAL_INTERRUPT_DELIVERY },
	{ EPTP_LIST_ADDRESS, .secondary = SECONDARY_VM_FUNCTIONS },
	{ VMREAD_BITMAP_ADDRESS, .secondary = SECONDARY_VMCS_SHADOWING },
	{ VMWRITE_BITMAP_ADDRESS, .secondary = SECONDARY_VMCS_SHADOWING },
	{ VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS, .secondary = SECONDARY_EPT_VIOLATION_VE },
	{ XSS_EXITING_BITMAP, .secondary = SECONDARY_XSAVES },
	{ ENCLS_EXITING_BITMAP, .secondary = SECONDARY_ENCLS_EXITING },
	{ SPP_TABLE_POINTER, .secondary = SECONDARY_SUB_PAGE_WRITE_PERMISSIONS },
	{ TSC_MULTIPLIER, .secondary = SECONDARY_TSC_SCALING },
	{ TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .primary = PRIMARY_ACTIVATE_TERTIARY_CONTROLS },
	{ GUEST_PHYSICAL_ADDRESS, .secondary = SECONDARY_EPT },
	{ GUEST_IA32_PAT, .entry = VM_ENTRY_LOAD_IA32_PAT, .exit = VM_EXIT_SAVE_IA32_PAT },
	{ GUEST_IA32_EFER, .entry = VM_ENTRY_LOAD_IA32_EFER, .exit = VM_EXIT_SAVE_IA32_EFER },
	{ GUEST_IA32_PERF_GLOBAL_CTRL, .entry = VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL,
	        .exit = VM_EXIT_SAVE_IA32_PERF_GLOBAL_CTRL },
	{ GUEST_PDPTE0, .secondary = SECONDARY_EPT },
	{ GUEST_PDPTE1, .secondary = SECONDARY_EPT },
	{ GUEST_PDPTE2, .secondary = SECONDARY_EPT },
	{ GUEST_PDPTE3, .secondary = SECONDARY_EPT },
	{ GUEST_IA32_BNDCFGS, .entry = VM_ENTRY_LOAD_IA32_BNDCFGS,
	        .exit = VM_EXIT_CLEAR_IA32_BNDCFGS },
	{ GUEST_IA32_RTIT_CTL, .entry = VM_ENTRY_LOAD_IA32_RTIT_CTL,
	        .exit = VM_EXIT_CLEAR_IA32_RTIT_CTL },
	{ GUEST_IA32_LBR_CTL, .entry = VM_ENTRY_LOAD_IA32_LBR_CTL,
	        .exit = VM_EXIT_CLEAR_IA32_LBR_CTL },
	{ GUEST_IA32_PKRS, .entry = VM_ENTRY_LOAD_PKRS },
	{ GUEST_IA32_FRED_CONFIG, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_FRED_RSP1, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_FRED_RSP2, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_FRED_RSP3, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_FRED_STKLVLS, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_FRED_SSP1, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_FRED_SSP2, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_FRED_SSP3, .entry = VM_ENTRY_LOAD_FRED },
	{ GUEST_IA32_SPEC_CTRL, .entry = VM_ENTRY_LOAD_IA32_SPEC_CTRL },
	{ HOST_IA32_PAT, .exit = VM_EXIT_LOAD_IA32_PAT },
	{ HOST_IA32_EFER, .exit = VM_EXIT_LOAD_IA32_EFER },
	{ HOST_IA32_PERF_GLOBAL_CTRL, .exit = VM_EXIT_LOAD_IA32_PERF_GLOBAL_CTRL },
	{ HOST_IA32_PKRS, .exit = VM_EXIT_LOAD_PKRS },
	{ TPR_THRESHOLD, .primary = PRIMARY_TPR_SHADOW },
	{ SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .primary = PRIMARY_ACTIVATE_SECONDARY_CONTROLS },
	{ PLE_GAP, .secondary = SECONDARY_PAUSE_LOOP_EXITING },
	{ PLE_WINDOW, .secondary = SECONDARY_PAUSE_LOOP_EXITING },
	{ VMX_PREEMPTION_TIMER_VALUE, .pin = PIN_PREEMPTION_TIMER },
	{ GUEST_IA32_S_CET, .entry = VM_ENTRY_LOAD_CET_STATE },
	{ GUEST_SSP, .entry = VM_ENTRY_LOAD_CET_STATE },
	{ GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR, .entry = VM_ENTRY_LOAD_CET_STATE },
	{ HOST_IA32_S_CET, .exit = VM_EXIT_LOAD_CET_STATE },
	{ HOST_SSP, .exit = VM_EXIT_LOAD_CET_STATE },
	{ HOST_IA32_INTERRUPT_SSP_TABLE_ADDR, .exit = VM_EXIT_LOAD_CET_STATE },
};

#define FIELD(name, encoding) encoding,
static const uint32_t all_fields[] = { VMCS_FIELDS(FIELD) };
#undef FIELD

void
vmcs_format_derive(struct vmcs_format *format, const struct capabilities *c)
{
	*format = (struct vmcs_format){ 0 };
	for (unsigned i = 0; i < COUNT(all_fields); i++)
		format->exists[vmcs_slot(all_fields[i])] = true;
	for (unsigned i = 0; i < COUNT(optional_fields); i++) {
		const struct optional_field *field = &optional_fields[i];

		format->exists[vmcs_slot(field->field)] =
		        (c->pin_based.may_be_one & field->pin) ||
		        (c->primary.may_be_one & field->primary) ||
		        (c->secondary.may_be_one & field->secondary) ||
		        (c->exit.may_be_one & field->exit) || (c->entry.may_be_one & field->entry);
	}
}

/* Only a 64-bit field has an upper half with an encoding of its own. */
static bool
find(const struct vmcs_format *format, uint32_t field, unsigned *slot)
{
	*slot = vmcs_slot(field);
	if (*slot == VMCS_SLOTS || !format->exists[*slot])
		return false;
	return !(field & 1) || vmcs_field_width(field) == VMCS_FIELD_64_BITS;
}

bool
vmcs_region_read(const struct vmcs_region *region, const struct vmcs_format *format, uint32_t field,
        uint64_t *value)
{
	unsigned slot;

	if (!find(format, field, &slot))
		return false;
	*value = region->fields[slot];
	if (field & 1)
		*value >>= 32;
	else if (vmcs_field_bits(field) < 64)
		*value &= (1ull << vmcs_field_bits(field)) - 1;
	return true;
}

bool
vmcs_region_write(struct vmcs_region *region, const struct vmcs_format *format, uint32_t field,
        uint64_t value)
{
	unsigned slot;

	if (!find(format, field, &slot))
		return false;
	if (field & 1)
		value = (uint32_t)region->fields[slot] | value << 32;
	else if (vmcs_field_bits(field) < 64)
		value &= (1ull << vmcs_field_bits(field)) - 1;
	region->fields[slot] = value;
	return true;
}
