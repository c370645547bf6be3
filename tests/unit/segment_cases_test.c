/*
 * Unit tests of lab 3's cases and judge: what descriptors become, which wishes the rules refuse, and
 * whether the probes show what they are for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "case_list.h"
#include "grade/guest_segments.h"
#include "rules/rules.h"
#include "vmx/deviations.h"

#define LAB    3
#define FIELDS 4 /* of a register: selector, base, limit, access rights */

static const struct capabilities with_unrestricted_guest = {
	.linear_address_width = 48,
	.physical_address_width = 40,
	.unrestricted_guest = true,
};
static const struct capabilities without_unrestricted_guest = {
	.linear_address_width = 48,
	.physical_address_width = 40,
};

static const struct capabilities with_57_bits = {
	.unrestricted_guest = true,
	.linear_address_width = 57,
};

static const struct judge *
judge_of_lab_3(void)
{
	assert_ptr_equal(judges_end, judges_start + 1);
	return judges_start[0];
}

/* The wish as the part gets it. */
static struct guest
wish_of(const struct test_case *test, const struct capabilities *processor)
{
	struct guest guest = test->guest;

	if (test->adjust)
		test->adjust(&guest, processor);

	guest.ia32e_mode = guest.mode == GUEST_64BIT || guest.mode == GUEST_COMPATIBILITY;
	guest_complete_segments(&guest);
	return guest;
}

struct state {
	const struct guest *guest;
	bool unrestricted_guest;
	uint64_t values[MAX_PART_FIELDS];
};

/* The fields that the rules on segment registers look at. */
static bool
read_state(void *context, uint32_t field, uint64_t *value)
{
	static const uint32_t first_fields[FIELDS] = { GUEST_ES_SELECTOR, GUEST_ES_BASE,
		GUEST_ES_LIMIT, GUEST_ES_ACCESS_RIGHTS };
	const struct state *state = context;

	for (unsigned i = 0; i < SEGMENT_COUNT * FIELDS; i++)
		if (field == first_fields[i % FIELDS] + 2 * (i / FIELDS)) {
			*value = state->values[i];
			return true;
		}
	switch (field) {
	case VM_ENTRY_CONTROLS: *value = state->guest->ia32e_mode ? 0x13fb : 0x11fb; return true;
	case PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS: *value = 0x8401e172; return true;
	case SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS:
		*value = state->unrestricted_guest ? 0x82 : 0x02;
		return true;
	case GUEST_CR0: *value = state->guest->cr0 | 0x20; return true;
	case GUEST_RFLAGS:
		*value = state->guest->mode == GUEST_VIRTUAL_8086 ? 0x20202 : 0x202;
		return true;
	default: return false;
	}
}

/* How many rules on segment registers the only values for this wish break. */
static size_t
broken_rules(const struct test_case *test, const struct capabilities *processor)
{
	struct guest guest = wish_of(test, processor);
	struct state state = { &guest, processor->unrestricted_guest, { 0 } };
	struct rule_input input = {
		.read = read_state,
		.context = &state,
		.capabilities = processor,
	};
	struct rule_violation violations[64];
	size_t count, broken = 0;

	judge_of_lab_3()->only_values(&guest, processor, state.values);
	count = rules_check(&input, violations, 64);
	assert_in_range(count, 0, 64);
	for (size_t i = 0; i < count; i++)
		broken += strstr(violations[i].rule->section, "Segment Registers") != NULL;
	return broken;
}

static bool
says_refused(const struct test_case *test)
{
	return strstr(test->title, "is refused") != NULL;
}

/* "Is refused", says a title: with unrestricted guest and without, and there is a legal twin. */
static void
refusals_are_refused(void **state)
{
	size_t refusals = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];

		if (!says_refused(test))
			continue;
		refusals++;
		if (broken_rules(test, &with_unrestricted_guest) == 0 ||
		        broken_rules(test, &without_unrestricted_guest) == 0 ||
		        broken_rules(test, &with_57_bits) == 0)
			fail_msg("%s can be entered", test->id);
		assert_non_null(test->twin);
	}
	assert_true(refusals >= 7);
}

/* The others can be entered with unrestricted guest; without, if they are posed and have no twin. */
static void
the_others_can_be_entered(void **state)
{
	size_t depend = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];

		if (says_refused(test))
			continue;
		if (broken_rules(test, &with_unrestricted_guest) > 0)
			fail_msg("%s cannot be entered", test->id);
		if (test->skip && (test->skip)(&without_unrestricted_guest))
			continue;
		if (broken_rules(test, &without_unrestricted_guest) == 0)
			continue;
		assert_non_null(test->twin);
		depend++;
	}
	assert_int_equal(depend, 1);
}

/* From wishes to fields, worked out by hand with SDM 3A 3.4.5 and 3C 25.4.1. */
static void
wishes_become_fields(void **state)
{
	static const struct {
		enum guest_mode mode;
		enum segment_register index;
		struct segment_wish wish;
		uint64_t fields[FIELDS];
	} examples[] = {
		{ GUEST_64BIT, SEGMENT_CS, { 0x08, 0x00af9b000000ffff, 0 },
		        { 0x08, 0, 0xffffffff, 0xa09b } },
		{ GUEST_32BIT, SEGMENT_CS, { 0x10, 0x00cf9a000000ffff, 0 },
		        { 0x10, 0, 0xffffffff, 0xc09b } },
		{ GUEST_32BIT, SEGMENT_ES, { 0x2b, 0x12d4f23456780003, 0 },
		        { 0x2b, 0x12345678, 0x40003fff, 0xd0f3 } },
		{ GUEST_32BIT, SEGMENT_DS, { 0x30, 0x0050923456781234, 0 },
		        { 0x30, 0x00345678, 0x1234, 0x5093 } },
		{ GUEST_32BIT, SEGMENT_TR, { 0x20, 0x0100890024000067, 0xffff },
		        { 0x20, 0x01002400, 0x67, 0x8b } },
		{ GUEST_32BIT, SEGMENT_TR, { 0x20, 0x010081002400002b, 0 },
		        { 0x20, 0x01002400, 0x2b, 0x83 } },
		{ GUEST_64BIT, SEGMENT_LDTR, { 0x30, 0x0100820026000027, 0xffff8000 },
		        { 0x30, 0xffff800001002600, 0x27, 0x82 } },
		{ GUEST_32BIT, SEGMENT_FS, { 0x03, DESCRIPTOR_NULL, 0 }, { 0x03, 0, 0, 0x10000 } },
		{ GUEST_64BIT, SEGMENT_SS, { 0x02, DESCRIPTOR_NULL, 0 }, { 0x02, 0, 0, 0x10040 } },
		{ GUEST_REAL, SEGMENT_CS, { 0x1234, 0, 0 }, { 0x1234, 0x12340, 0xffff, 0x93 } },
		{ GUEST_VIRTUAL_8086, SEGMENT_SS, { 0x0, 0, 0 }, { 0x0, 0x0, 0xffff, 0xf3 } },
		{ GUEST_VIRTUAL_8086, SEGMENT_GS, { 0xffff, 0, 0 },
		        { 0xffff, 0xffff0, 0xffff, 0xf3 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct test_case test = { .guest = { .mode = examples[i].mode } };
		uint64_t values[MAX_PART_FIELDS];
		struct guest guest;

		test.guest.segments[examples[i].index] = examples[i].wish;
		guest = wish_of(&test, &with_unrestricted_guest);
		judge_of_lab_3()->only_values(&guest, &with_unrestricted_guest, values);
		for (unsigned field = 0; field < FIELDS; field++)
			if (values[examples[i].index * FIELDS + field] != examples[i].fields[field])
				fail_msg("example %zu: field %u is %lx", i, field,
				        values[examples[i].index * FIELDS + field]);
	}
}

/* In IA-32e mode the bases of FS and GS are those of the MSRs, for a null register too. */
static void
msrs_are_the_bases_of_fs_and_gs(void **state)
{
	struct test_case test = { .guest = { .mode = GUEST_64BIT, .fs_base = 1, .gs_base = 2 } };
	uint64_t values[MAX_PART_FIELDS];
	struct guest guest;

	(void)state;
	test.guest.segments[SEGMENT_GS].descriptor = DESCRIPTOR_NULL;
	guest = wish_of(&test, &with_unrestricted_guest);
	judge_of_lab_3()->only_values(&guest, &with_unrestricted_guest, values);
	assert_int_equal(values[SEGMENT_FS * FIELDS + 1], 1);
	assert_int_equal(values[SEGMENT_GS * FIELDS + 1], 2);
}

/* Probes and observations fit into the room they have, and each observation can fail. */
static void
observations_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		struct guest guest = wish_of(cases_start[i], &with_unrestricted_guest);
		struct observation observations[MAX_OBSERVATIONS];
		struct probe probes[PROBES_MAX];
		uint64_t values[MAX_PART_FIELDS];
		size_t count;

		judge_of_lab_3()->only_values(&guest, &with_unrestricted_guest, values);
		count = judge_of_lab_3()->probes(&guest, values, probes);
		assert_in_range(count, 10, PROBES_MAX - 1);
		count = judge_of_lab_3()->observations(&guest, values, observations);
		assert_in_range(count, 10, MAX_OBSERVATIONS);
		for (size_t other = 0; other < count; other++) {
			assert_in_range(observations[other].slot, 0, REPORT_SLOTS - 1);
			assert_true(observations[other].mask || observations[other].field_mask);
		}
	}
}

/* Through each of ES, DS, FS and GS of case granularity the guest reads within the limit and beyond. */
static void
limits_are_probed_from_both_sides(void **state)
{
	static const char *const registers[] = { "from ES:", "from DS:", "from FS:", "from GS:" };
	unsigned within[4] = { 0 }, beyond[4] = { 0 };

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		struct guest guest = wish_of(cases_start[i], &with_unrestricted_guest);
		struct observation observations[MAX_OBSERVATIONS];
		uint64_t values[MAX_PART_FIELDS];
		size_t count;

		if (strcmp(cases_start[i]->id, "granularity") != 0)
			continue;
		judge_of_lab_3()->only_values(&guest, &with_unrestricted_guest, values);
		count = judge_of_lab_3()->observations(&guest, values, observations);
		for (size_t other = 0; other < count; other++)
			for (unsigned name = 0; name < 4; name++) {
				if (!strstr(observations[other].name, registers[name]))
					continue;
				if (observations[other].expected >> 63)
					beyond[name]++;
				else
					within[name]++;
			}
	}
	for (unsigned name = 0; name < 4; name++) {
		assert_true(within[name] > 0);
		assert_true(beyond[name] > 0);
	}
}

/* The cases that must have a note on an engine that ignores limits are those that lose a probe there. */
static void
what_is_left_out_is_noted(void **state)
{
	unsigned noted = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		struct guest guest = wish_of(cases_start[i], &with_unrestricted_guest);
		struct probe probes[PROBES_MAX];
		uint64_t values[MAX_PART_FIELDS];
		size_t all, some;

		judge_of_lab_3()->only_values(&guest, &with_unrestricted_guest, values);
		all = judge_of_lab_3()->probes(&guest, values, probes);
		assert_null(judge_of_lab_3()->engine_note(&guest, values));
		deviations.ignores_segments = true;
		some = judge_of_lab_3()->probes(&guest, values, probes);
		assert_int_equal(some < all, judge_of_lab_3()->engine_note(&guest, values) != NULL);
		noted += some < all;
		deviations.ignores_segments = false;
	}
	assert_in_range(noted, 1, CASE_COUNT - 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_are_refused),
		cmocka_unit_test(the_others_can_be_entered),
		cmocka_unit_test(wishes_become_fields),
		cmocka_unit_test(msrs_are_the_bases_of_fs_and_gs),
		cmocka_unit_test(observations_fit),
		cmocka_unit_test(limits_are_probed_from_both_sides),
		cmocka_unit_test(what_is_left_out_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
