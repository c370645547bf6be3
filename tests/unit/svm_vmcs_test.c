/* Unit tests of kernel/vmx/svm/vmcs.c: where the fields of a VMCS in memory are, and which of them there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/controls.h>
#include <r33/vmcs_fields.h>

#include "vmx/svm/vmcs.h"

#define FIELD(name, encoding) encoding,
static const uint32_t fields[] = { VMCS_FIELDS(FIELD) };

/* A processor with all controls, and one with none. */
static const struct capabilities everything = {
	.pin_based.may_be_one = ~0u,
	.primary.may_be_one = ~0u,
	.secondary.may_be_one = ~0u,
	.exit.may_be_one = ~0u,
	.entry.may_be_one = ~0u,
};
static const struct capabilities nothing;

/* Every field has a slot, and no two share one. */
static void
slots(void **state)
{
	uint32_t owner[VMCS_SLOTS] = { 0 };

	(void)state;
	for (unsigned i = 0; i < COUNT(fields); i++) {
		unsigned slot = vmcs_slot(fields[i]);

		if (slot >= VMCS_SLOTS || owner[slot] != 0)
			fail_msg("field %#x: slot %u is that of %#x", fields[i], slot,
			        slot < VMCS_SLOTS ? owner[slot] : 0);
		owner[slot] = fields[i] + 1;
	}
}

/* Every other encoding reads and writes nothing, but for the upper halves of 64-bit fields. */
static void
other_encodings(void **state)
{
	static struct vmcs_region region, before;
	struct vmcs_format format;
	uint64_t value;

	(void)state;
	vmcs_format_derive(&format, &everything);
	for (uint32_t encoding = 0; encoding < 0x20000; encoding++) {
		bool expected = false;

		for (unsigned i = 0; i < COUNT(fields); i++)
			expected |= fields[i] == encoding ||
			            (vmcs_field_width(fields[i]) == VMCS_FIELD_64_BITS &&
			                    fields[i] + 1 == encoding);
		before = region;
		if (vmcs_region_read(&region, &format, encoding, &value) != expected)
			fail_msg("VMREAD of %#x", encoding);
		if (vmcs_region_write(&region, &format, encoding, 0x33) != expected)
			fail_msg("VMWRITE of %#x", encoding);
		if (!expected)
			assert_memory_equal(&region, &before, sizeof(region));
	}
	assert_false(vmcs_region_read(&region, &format, 0x80000000 | GUEST_CR0, &value));
	assert_false(vmcs_region_read(&region, &format, UINT32_MAX, &value));
}

/* A value is cut to the field's width; the upper half is one half of the field. */
static void
widths(void **state)
{
	static struct vmcs_region region;
	struct vmcs_format format;
	uint64_t value;

	(void)state;
	vmcs_format_derive(&format, &everything);
	for (unsigned i = 0; i < COUNT(fields); i++) {
		unsigned bits = vmcs_field_bits(fields[i]);

		assert_true(vmcs_region_write(&region, &format, fields[i], ~0ull));
		assert_true(vmcs_region_read(&region, &format, fields[i], &value));
		assert_true(value == (bits == 64 ? ~0ull : (1ull << bits) - 1));
	}
	assert_true(vmcs_region_write(&region, &format, EPT_POINTER, 0x1122334455667788));
	assert_true(vmcs_region_write(&region, &format, EPT_POINTER + 1, 0xdeadbeefcafef00d));
	assert_true(vmcs_region_read(&region, &format, EPT_POINTER, &value));
	assert_true(value == 0xcafef00d55667788);
	assert_true(vmcs_region_read(&region, &format, EPT_POINTER + 1, &value));
	assert_true(value == 0xcafef00d);
	assert_false(vmcs_region_read(&region, &format, GUEST_CR0 + 1, &value));
	assert_false(vmcs_region_write(&region, &format, GUEST_ES_LIMIT + 1, 0));
}

/* Fields come with the controls that they belong to (SDM 3D, appendix B); most are always there. */
static void
existence(void **state)
{
	static const struct {
		uint32_t field;
		struct capabilities capabilities;
	} cases[] = {
		{ VIRTUAL_PROCESSOR_ID, { .secondary.may_be_one = SECONDARY_VPID } },
		{ MSR_BITMAP_ADDRESS, { .primary.may_be_one = PRIMARY_MSR_BITMAPS } },
		{ EPT_POINTER, { .secondary.may_be_one = SECONDARY_EPT } },
		{ GUEST_PHYSICAL_ADDRESS, { .secondary.may_be_one = SECONDARY_EPT } },
		{ GUEST_PDPTE3, { .secondary.may_be_one = SECONDARY_EPT } },
		{ GUEST_IA32_PAT, { .entry.may_be_one = VM_ENTRY_LOAD_IA32_PAT } },
		{ GUEST_IA32_PAT, { .exit.may_be_one = VM_EXIT_SAVE_IA32_PAT } },
		{ GUEST_IA32_EFER, { .exit.may_be_one = VM_EXIT_SAVE_IA32_EFER } },
		{ HOST_IA32_EFER, { .exit.may_be_one = VM_EXIT_LOAD_IA32_EFER } },
		{ VMX_PREEMPTION_TIMER_VALUE, { .pin_based.may_be_one = PIN_PREEMPTION_TIMER } },
		{ GUEST_PML_INDEX, { .secondary.may_be_one = SECONDARY_PML } },
		{ GUEST_SSP, { .entry.may_be_one = VM_ENTRY_LOAD_CET_STATE } },
		{ HOST_SSP, { .exit.may_be_one = VM_EXIT_LOAD_CET_STATE } },
		{ TPR_THRESHOLD, { .primary.may_be_one = PRIMARY_TPR_SHADOW } },
		{ SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
		        { .primary.may_be_one = PRIMARY_ACTIVATE_SECONDARY_CONTROLS } },
	};
	static const uint32_t always[] = { GUEST_CR0, GUEST_ES_SELECTOR, VMCS_LINK_POINTER,
		GUEST_IA32_DEBUGCTL, EXIT_REASON, HOST_RIP, CR3_TARGET_VALUE3, EXCEPTION_BITMAP,
		GUEST_LINEAR_ADDRESS, VM_ENTRY_MSR_LOAD_ADDRESS, GUEST_ACTIVITY_STATE };
	struct vmcs_format format;
	uint64_t value;
	static struct vmcs_region region;

	(void)state;
	vmcs_format_derive(&format, &nothing);
	for (unsigned i = 0; i < COUNT(cases); i++)
		assert_false(vmcs_region_read(&region, &format, cases[i].field, &value));
	for (unsigned i = 0; i < COUNT(always); i++)
		assert_true(vmcs_region_read(&region, &format, always[i], &value));
	for (unsigned i = 0; i < COUNT(cases); i++) {
		vmcs_format_derive(&format, &cases[i].capabilities);
		assert_true(vmcs_region_read(&region, &format, cases[i].field, &value));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots),
		cmocka_unit_test(other_encodings),
		cmocka_unit_test(widths),
		cmocka_unit_test(existence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
