/* Unit tests of the parts: the guest-state area is divided among the labs, completely and once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "grade/case.h"
#include "lab/parts.h"

#define NAMED_FIELD(name, encoding) { #name, encoding },
static const struct {
	const char *name;
	uint32_t encoding;
} fields[] = { VMCS_FIELDS(NAMED_FIELD) };

/* A field's type and width by the tables of SDM 3D appendix B: the hundreds of its encoding. */
static bool
is_guest_state(uint32_t encoding)
{
	return encoding < 0x8000 && (encoding & 0xc00) == 0x800;
}

static bool
is_64_bits_wide(uint32_t encoding)
{
	return encoding >= 0x2000 && encoding < 0x4000;
}

/* Which lab's part owns the field; 0: none.  Fails when there are two. */
static unsigned
owner(uint32_t encoding)
{
	unsigned number = 0;

	for (size_t i = 0; i < PART_COUNT; i++)
		if (part_owns(&parts[i], encoding)) {
			if (number != 0)
				fail_msg("labs %u and %u own field %x", number, parts[i].number,
				        encoding);
			number = parts[i].number;
		}
	return number;
}

/* No lab has the SMM base, and what only processors have that no engine here shows: user interrupts,
 * FRED, and the SPEC_CTRL field. */
static bool
is_nobodys(uint32_t encoding)
{
	return encoding == GUEST_SMBASE || encoding == GUEST_UINV ||
	       encoding == GUEST_IA32_SPEC_CTRL ||
	       (encoding >= GUEST_IA32_FRED_CONFIG && encoding <= GUEST_IA32_FRED_SSP3);
}

/* Every guest-state field belongs to exactly one part, and no other field to any. */
static void
each_guest_field_has_one_owner(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		bool expected =
		        is_guest_state(fields[i].encoding) && !is_nobodys(fields[i].encoding);

		if ((owner(fields[i].encoding) != 0) != expected)
			fail_msg("%s belongs to lab %u", fields[i].name, owner(fields[i].encoding));
	}
}

/* Of all encodings there are, only fields of the list are owned, and the high halves of 64-bit ones. */
static void
no_other_encoding_is_owned(void **state)
{
	(void)state;
	for (uint32_t encoding = 0; encoding < 0x40000; encoding++) {
		uint32_t full = is_64_bits_wide(encoding) ? encoding & ~1u : encoding;
		bool listed = false;

		for (size_t i = 0; i < COUNT(fields); i++)
			listed = listed || fields[i].encoding == full;
		assert_int_equal(
		        owner(encoding) != 0, listed && is_guest_state(full) && !is_nobodys(full));
		assert_int_equal(owner(encoding), owner(full));
	}
}

/* An encoding with any upper bit set is another field, which nobody owns. */
static void
upper_bits_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++)
		for (unsigned bit = 15; bit < 32; bit++)
			assert_int_equal(owner(fields[i].encoding | 1u << bit), 0);
}

/* The fields stand in the labs that their names promise. */
static void
fields_are_in_their_labs(void **state)
{
	static const struct {
		const char *piece; /* of the field's name */
		unsigned lab;
	} places[] = { { "GUEST_CR", 1 }, { "GUEST_RIP", 2 }, { "GUEST_RSP", 2 },
		{ "GUEST_RFLAGS", 2 }, { "GUEST_ES_", 3 }, { "GUEST_CS_", 3 }, { "GUEST_SS_", 3 },
		{ "GUEST_DS_", 3 }, { "GUEST_FS_", 3 }, { "GUEST_GS_", 3 }, { "GUEST_LDTR_", 3 },
		{ "GUEST_TR_", 3 }, { "GUEST_GDTR_", 4 }, { "GUEST_IDTR_", 4 }, { "GUEST_DR7", 4 },
		{ "GUEST_IA32_", 4 }, { "GUEST_SSP", 4 }, { "GUEST_ACTIVITY", 5 },
		{ "GUEST_INTERRUPTIBILITY", 5 }, { "GUEST_PENDING", 5 }, { "VMCS_LINK_POINTER", 6 },
		{ "VMX_PREEMPTION_TIMER", 6 }, { "GUEST_PDPTE", 6 },
		{ "GUEST_INTERRUPT_STATUS", 6 }, { "GUEST_PML_INDEX", 6 } };

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++)
		for (size_t place = 0; place < COUNT(places); place++)
			if (strncmp(fields[i].name, places[place].piece,
			            strlen(places[place].piece)) == 0 &&
			        !is_nobodys(fields[i].encoding) &&
			        owner(fields[i].encoding) != places[place].lab)
				fail_msg("%s belongs to lab %u", fields[i].name,
				        owner(fields[i].encoding));
}

/* Judges fill in their values by position: CR0, CR3, CR4; RIP, RSP, RFLAGS; selector,
 * base, limit and access rights of ES to TR. */
static void
order_is_what_the_judge_expects(void **state)
{
	(void)state;
	assert_int_equal(parts[0].field_count, 3);
	assert_int_equal(parts[0].fields[0], GUEST_CR0);
	assert_int_equal(parts[0].fields[1], GUEST_CR3);
	assert_int_equal(parts[0].fields[2], GUEST_CR4);
	assert_int_equal(parts[1].field_count, 3);
	assert_int_equal(parts[1].fields[0], GUEST_RIP);
	assert_int_equal(parts[1].fields[1], GUEST_RSP);
	assert_int_equal(parts[1].fields[2], GUEST_RFLAGS);
	assert_int_equal(parts[2].field_count, 32);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(parts[2].fields[4 * i], GUEST_ES_SELECTOR + 2 * i);
		assert_int_equal(parts[2].fields[4 * i + 1], GUEST_ES_BASE + 2 * i);
		assert_int_equal(parts[2].fields[4 * i + 2], GUEST_ES_LIMIT + 2 * i);
		assert_int_equal(parts[2].fields[4 * i + 3], GUEST_ES_ACCESS_RIGHTS + 2 * i);
	}
}

/* No part names a field twice, a high half, or more fields than the grader has room for. */
static void
parts_are_lists_of_whole_fields(void **state)
{
	size_t all = part_reason_33.field_count;

	(void)state;
	for (size_t part = 0; part < PART_COUNT; part++) {
		all += parts[part].field_count;
		assert_in_range(parts[part].field_count, 1, MAX_PART_FIELDS);
		for (size_t i = 0; i < parts[part].field_count; i++) {
			assert_int_equal(parts[part].fields[i] & 1, 0);
			for (size_t other = 0; other < i; other++)
				assert_int_not_equal(
				        parts[part].fields[i], parts[part].fields[other]);
		}
	}
	assert_in_range(part_front_end_test.field_count, 1, MAX_PART_FIELDS);
	assert_in_range(all, 1, MAX_ALL_FIELDS);
}

/* Labs 1 to 6 and 8 have their parts, in order, and may not enter; labs 0, 7 and 9 may; there are no
 * others. */
static void
labs_have_their_parts(void **state)
{
	(void)state;
	assert_ptr_equal(part_of_lab(0), &part_front_end_test);
	assert_true(part_front_end_test.may_enter);
	for (unsigned lab = 1; lab <= PART_COUNT; lab++) {
		const struct part *part = part_of_lab(lab);

		assert_ptr_equal(part, &parts[lab - 1]);
		assert_int_equal(part->number, lab);
		assert_false(part->may_enter);
		assert_true(strlen(part->name) > 0);
	}
	assert_ptr_equal(part_of_lab(7), &part_register_context);
	assert_true(part_register_context.may_enter && !part_register_context.may_manage);
	assert_ptr_equal(part_of_lab(8), &part_reason_33);
	assert_false(part_reason_33.may_enter || part_reason_33.may_manage);
	assert_ptr_equal(part_of_lab(9), &part_whole_guest);
	assert_null(part_of_lab(10));
	assert_null(part_of_lab(UINT32_MAX));
}

/* Only the parts that may enter reach host state, and only the two fields they are said to have. */
static void
host_state_is_out_of_reach(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		uint32_t encoding = fields[i].encoding;
		bool expected = encoding == HOST_RIP || encoding == HOST_RSP;

		if ((encoding & 0xc00) == 0xc00)
			assert_int_equal(part_owns(&part_front_end_test, encoding), expected);
		assert_int_equal(part_owns(&part_register_context, encoding), expected);
		if ((encoding & 0xc00) == 0xc00)
			continue;
		if ((encoding & 0xc00) == 0)
			assert_false(part_owns(&part_front_end_test, encoding));
	}
}

/* Lab 8 has the fields of all parts and the event to inject: no control, no host state, nothing that is
 * nobody's. */
static void
lab_8_has_all_parts(void **state)
{
	(void)state;
	for (uint32_t encoding = 0; encoding < 0x40000; encoding++)
		assert_int_equal(part_owns(&part_reason_33, encoding),
		        owner(encoding) != 0 || encoding == VM_ENTRY_INTERRUPTION_INFORMATION);
}

/* The fields of other parts that a part may read: no more than its handout names. */
static bool
is_known_elsewhere(unsigned lab, uint32_t encoding)
{
	static const struct {
		unsigned lab;
		uint32_t encoding;
	} known[] = { { 0, GUEST_RSP }, { 5, GUEST_SS_ACCESS_RIGHTS }, { 7, GUEST_RIP },
		{ 7, GUEST_RSP }, { 7, GUEST_RFLAGS } };

	for (size_t i = 0; i < COUNT(known); i++)
		if (known[i].lab == lab && known[i].encoding == encoding)
			return true;
	return false;
}

/* A part reads its own fields, control fields and VM-exit information, and of other parts' fields those in
 * the list above; of host state only what is its own. */
static void
parts_read_what_they_may_know(void **state)
{
	(void)state;
	for (unsigned lab = 0; lab <= 9; lab++) {
		const struct part *part = part_of_lab(lab);

		for (size_t i = 0; i < COUNT(fields); i++) {
			uint32_t encoding = fields[i].encoding;
			bool host = (encoding & 0xc00) == 0xc00;
			bool expected = part_owns(part, encoding) ||
			                (!host && owner(encoding) == 0) ||
			                is_known_elsewhere(lab, encoding);

			if (part_reads(part, encoding) != expected)
				fail_msg("part %u and %s", lab, fields[i].name);
			if (is_64_bits_wide(encoding))
				assert_int_equal(part_reads(part, encoding | 1), expected);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_guest_field_has_one_owner),
		cmocka_unit_test(no_other_encoding_is_owned),
		cmocka_unit_test(upper_bits_count),
		cmocka_unit_test(fields_are_in_their_labs),
		cmocka_unit_test(order_is_what_the_judge_expects),
		cmocka_unit_test(parts_are_lists_of_whole_fields),
		cmocka_unit_test(labs_have_their_parts),
		cmocka_unit_test(host_state_is_out_of_reach),
		cmocka_unit_test(lab_8_has_all_parts),
		cmocka_unit_test(parts_read_what_they_may_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
