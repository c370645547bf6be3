/*
 * Unit tests of the graded cases: all files of tests/cases/ as the kernel has them, in its order.
 * Their wishes are also put to the judge and the rules, on the processors of rules_oracle.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <r33/array.h>

#include "case_list.h"
#include "cpu/extended_state.h"
#include "grade/guest_memory.h"
#include "lab/parts.h"
#include "rules/rules.h"
#include "rules_models.h"
#include "rules_oracle.h"
#include "state/bases.h"

#define JUDGE_COUNT ((size_t)(judges_end - judges_start))
#define LAB_MAX     9
#define LABS_WITH_CALLS \
	(1u << 7 | 1u << 8 | 1u << 9) /* their judges call the lab, and are not linked here */
#define FULL_POINTS 100
#define TABLES      0x1000000 /* where the guest's paging structures could be */

/* The judge asks for these; no guest runs here. */
uint32_t
guest_token(enum guest_mode mode)
{
	return 0x1000 + mode;
}

const char *
guest_token_meaning(uint64_t token)
{
	(void)token;
	return NULL;
}

/* Lab 7 asks the processor what it has. */
uint64_t
extended_state_features(void)
{
	return 7;
}

/* The position of a case in its lab, or CASE_COUNT. */
static size_t
find_case(unsigned lab, const char *id)
{
	for (size_t i = 0; i < CASE_COUNT; i++)
		if (cases_start[i]->lab == lab && strcmp(cases_start[i]->id, id) == 0)
			return i;
	return CASE_COUNT;
}

static const struct judge *
find_judge(unsigned lab)
{
	for (size_t i = 0; i < JUDGE_COUNT; i++)
		if (judges_start[i]->lab == lab)
			return judges_start[i];
	return NULL;
}

/* There is a lab for every case, labs follow each other, and identifiers are unique in each. */
static void
identifiers_are_unique(void **state)
{
	(void)state;
	assert_true(CASE_COUNT > 20);
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];

		assert_in_range(test->lab, i > 0 ? cases_start[i - 1]->lab : 0, LAB_MAX);
		assert_non_null(part_of_lab(test->lab));
		if (find_case(test->lab, test->id) != i)
			fail_msg("lab %u has two cases %s", test->lab, test->id);
	}
}

/* Identifiers are words that options, reports and file names can carry. */
static void
identifiers_are_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const char *id = cases_start[i]->id;

		assert_in_range(strlen(id), 1, 63);
		assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(id));
		assert_true(id[0] != '-');
	}
}

/* The points of each graded lab add up to exactly 100, and every case is worth some. */
static void
points_add_up(void **state)
{
	unsigned points[LAB_MAX + 1] = { 0 };

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		assert_in_range(cases_start[i]->points, 1, FULL_POINTS);
		points[cases_start[i]->lab] += cases_start[i]->points;
	}
	assert_int_equal(points[1], FULL_POINTS);
	for (unsigned lab = 2; lab <= LAB_MAX; lab++)
		assert_true(points[lab] == 0 || points[lab] == FULL_POINTS);
}

/* A twin is another case of the lab and graded before the case that looks at its result. */
static void
twins_stand_before_their_cases(void **state)
{
	size_t twins = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++)
		if (cases_start[i]->twin != NULL) {
			if (find_case(cases_start[i]->lab, cases_start[i]->twin) >= i)
				fail_msg("%s: there is no %s before it", cases_start[i]->id,
				        cases_start[i]->twin);
			twins++;
		}
	assert_true(twins > 5);
}

static void
assert_plain(const char *id, const char *text)
{
	assert_true(strlen(text) > 5);
	for (const char *at = text; *at != '\0'; at++)
		if (*at < 0x20 || *at > 0x7e)
			fail_msg("%s: byte %02x in \"%s\"", id, (unsigned char)*at, text);
}

/* Titles are there, and hints where there are any; both are one line of plain characters. */
static void
titles_and_hints_are_plain(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		assert_non_null(cases_start[i]->title);
		assert_plain(cases_start[i]->id, cases_start[i]->title);
		if (cases_start[i]->hint != NULL)
			assert_plain(cases_start[i]->id, cases_start[i]->hint);
	}
}

/* The guest's mode is one of the eight, its image exists, and both are of the same width. */
static void
guests_exist(void **state)
{
	static const char *const widths[GUEST_MODE_COUNT] = { "64", "32", "32", "32", "32", "16",
		"16", "16" };

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];
		char path[128];

		assert_in_range(test->guest.mode, 0, GUEST_MODE_COUNT - 1);
		assert_in_range(test->expectation, EXPECT_DONE, EXPECT_ACCEPTED);
		assert_true(strlen(test->image) > 2);
		assert_string_equal(
		        test->image + strlen(test->image) - 2, widths[test->guest.mode]);
		snprintf(path, sizeof(path), "tests/guests/%s.S", test->image);
		if (access(path, R_OK) != 0)
			fail_msg("%s: there is no %s", test->id, path);
	}
}

/* What the kernel fills in a case must leave to it: another value would be overwritten. */
static void
cases_leave_the_rest_to_the_kernel(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		struct guest guest = cases_start[i]->guest;
		struct guest empty = { .mode = guest.mode,
			.cr0 = guest.cr0,
			.cr3 = guest.cr3,
			.cr4 = guest.cr4,
			.cr4_optional = guest.cr4_optional };

		if (cases_start[i]->lab <= 1)
			assert_memory_equal(&guest, &empty, sizeof(guest));
		/* The address of the paging structures is added to cr3. */
		assert_int_equal(guest.cr3 & (GUEST_WINDOW_BYTES - 1) & ~0xfffull, 0);
	}
}

/* The rules that lab 1 is about. */
static const enum catalogue_id lab_1_rules[] = { ID_CR0_FIXED0, ID_CR0_FIXED1, ID_CR0_PG_PE,
	ID_CR4_FIXED0, ID_CR4_FIXED1, ID_CR4_CET_WP, ID_IA32E_PG, ID_IA32E_PAE, ID_CR4_PCIDE_32,
	ID_CR3_MAXPHY };

#define IA32E_MODE_GUEST_CONTROL (1ull << 9)

/* The only values worth trying for a case of lab 1, on this processor: how many rules they break. */
static size_t
broken_rules(const struct test_case *test, const struct capabilities *processor)
{
	struct guest guest = test->guest;
	uint64_t values[MAX_PART_FIELDS];
	struct vmcs vmcs;
	struct oracle oracle;
	size_t count = 0;

	guest.ia32e_mode = guest.mode == GUEST_64BIT || guest.mode == GUEST_COMPATIBILITY;
	guest.cr3 += TABLES;
	if (test->adjust != NULL)
		test->adjust(&guest, processor);
	find_judge(1)->only_values(&guest, processor, values);
	/* No wish is dropped, and no bit added that makes another guest of it. */
	assert_true((guest.cr0 & ~values[0]) == 0 && (guest.cr4 & ~values[2]) == 0);
	assert_true(values[1] == guest.cr3);
	assert_true(((guest.cr0 ^ values[0]) & (1ull << 0 | 1ull << 31)) == 0);
	assert_null(base_make(0, processor, &vmcs));
	vmcs_set(&vmcs, GUEST_CR0, values[0]);
	vmcs_set(&vmcs, GUEST_CR3, values[1]);
	vmcs_set(&vmcs, GUEST_CR4, values[2]);
	if (!guest.ia32e_mode)
		vmcs_set(&vmcs, VM_ENTRY_CONTROLS,
		        vmcs_get(&vmcs, VM_ENTRY_CONTROLS) & ~IA32E_MODE_GUEST_CONTROL);
	oracle_judge(&oracle, &vmcs, processor, false);
	for (size_t i = 0; i < COUNT(lab_1_rules); i++)
		count += oracle.violated[lab_1_rules[i]] != 0;
	return count;
}

/* "Is refused", says a title: on every processor, for one broken rule on at least one of them. */
static void
refusals_are_refused_everywhere(void **state)
{
	size_t refusals = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];
		bool alone = false;

		if (test->lab != 1 || strstr(test->title, "is refused") == NULL)
			continue;
		refusals++;
		for (unsigned model = 0; model < BOCHS_MODELS; model++) {
			size_t broken = broken_rules(test, &models[model]);

			if (broken == 0)
				fail_msg("%s can be entered on model %u", test->id, model);
			alone = alone || broken == 1;
		}
		if (!alone)
			fail_msg("%s breaks two rules on every model", test->id);
		assert_non_null(test->twin);
	}
	assert_true(refusals >= 5);
}

/* All other cases can be entered on the newest processor, and wherever they have no twin. */
static void
the_others_can_be_entered(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];

		if (test->lab != 1 || strstr(test->title, "is refused") != NULL)
			continue;
		assert_int_equal(broken_rules(test, &models[TIGERLAKE]), 0);
		for (unsigned model = 0; model < BOCHS_MODELS && test->twin == NULL; model++)
			if (broken_rules(test, &models[model]) > 0)
				fail_msg("%s must be refused on model %u, and has no twin",
				        test->id, model);
	}
}

/* Wherever a case must be refused, its twin can be entered: refusing everything earns nothing. */
static void
twins_can_be_entered(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];

		for (unsigned model = 0; model < BOCHS_MODELS && test->lab == 1; model++)
			if (test->twin != NULL && broken_rules(test, &models[model]) > 0)
				assert_int_equal(broken_rules(cases_start[find_case(1, test->twin)],
				                         &models[model]),
				        0);
	}
}

/* Every graded lab has one judge, whose observations fit and have names. */
static void
judges_observe(void **state)
{
	(void)state;
	assert_non_null(find_judge(1));
	for (size_t i = 0; i < JUDGE_COUNT; i++) {
		const struct judge *judge = judges_start[i];
		struct guest guest = { .mode = GUEST_32BIT };
		uint64_t values[MAX_PART_FIELDS] = { 1, 2, 3 };
		struct observation observations[MAX_OBSERVATIONS];
		size_t count = judge->observations(&guest, values, observations);

		assert_ptr_equal(find_judge(judge->lab), judge);
		assert_in_range(count, 1, MAX_OBSERVATIONS);
		for (size_t other = 0; other < count; other++) {
			assert_true(strlen(observations[other].name) > 0);
			/* It compares a slot of the report, a field, or both. */
			assert_true(observations[other].mask != 0 ||
			            observations[other].field_mask != 0);
		}
	}
	for (size_t i = 0; i < CASE_COUNT; i++)
		if (cases_start[i]->lab > 0 && !(LABS_WITH_CALLS >> cases_start[i]->lab & 1))
			assert_non_null(find_judge(cases_start[i]->lab));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(identifiers_are_unique),
		cmocka_unit_test(identifiers_are_words),
		cmocka_unit_test(points_add_up),
		cmocka_unit_test(twins_stand_before_their_cases),
		cmocka_unit_test(titles_and_hints_are_plain),
		cmocka_unit_test(guests_exist),
		cmocka_unit_test(cases_leave_the_rest_to_the_kernel),
		cmocka_unit_test(refusals_are_refused_everywhere),
		cmocka_unit_test(the_others_can_be_entered),
		cmocka_unit_test(twins_can_be_entered),
		cmocka_unit_test(judges_observe),
	};

	models_derive();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
