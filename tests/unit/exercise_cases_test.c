/*
 * Unit tests of lab 8's exercises, on every processor of rules_models.h that can pose them: by the
 * oracle's judgement each state breaks its one rule, and its smallest answer what it should; without
 * any one of its changes it would be no answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "../cases/8-reason-33/exercise.h"
#include "case_list.h"
#include "rules/rules.h"
#include "rules_models.h"
#include "rules_oracle.h"
#include "state/bases.h"

#define FIRST_GIB 0x1008001ull /* what guest_place() adds to the first PDPTE */

static const char *const bases[GUEST_MODE_COUNT] = {
	[GUEST_64BIT] = "64-bit",
	[GUEST_32BIT] = "32-bit",
	[GUEST_32BIT_PAE] = "pae",
	[GUEST_REAL] = "real",
	[GUEST_VIRTUAL_8086] = "virtual-8086",
};

static const uint32_t control_fields[CONTROL_FIELD_COUNT] = {
	[PIN_CONTROLS] = PIN_BASED_VM_EXECUTION_CONTROLS,
	[PRIMARY_CONTROLS] = PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	[SECONDARY_CONTROLS] = SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	[EXIT_CONTROLS] = VM_EXIT_CONTROLS,
	[ENTRY_CONTROLS] = VM_ENTRY_CONTROLS,
};

static const struct exercise *
exercise_of(const struct test_case *test)
{
	return test->details;
}

/* The valid state that the exercise starts from; false where the processor cannot pose it. */
static bool
make_valid(const struct test_case *test, const struct capabilities *processor, struct vmcs *vmcs)
{
	int base = base_find(bases[test->guest.mode]);

	if ((test->skip != NULL && (test->skip)(processor)) ||
	        base_make((unsigned)base, processor, vmcs) ||
	        test->controls.on[ENTRY_CONTROLS] & ~processor->entry.may_be_one)
		return false;
	for (unsigned i = 0; i < CONTROL_FIELD_COUNT; i++)
		vmcs_set(vmcs, control_fields[i],
		        (vmcs_get(vmcs, control_fields[i]) & ~(uint64_t)test->controls.off[i]) |
		                test->controls.on[i]);
	if (!test->interrupts_off)
		vmcs_set(vmcs, GUEST_RFLAGS, vmcs_get(vmcs, GUEST_RFLAGS) | RFLAGS_IF);
	for (unsigned i = 0; i < 4; i++)
		vmcs_set(vmcs, GUEST_PDPTE0 + 2 * i,
		        test->guest.pdptes[i] + (i == 0 ? FIRST_GIB : 0));
	return true;
}

/* All changes but number `without`; -1: all. */
static void
apply(struct vmcs *vmcs, const struct change *changes, int without)
{
	for (int i = 0; changes[i].target; i++) {
		uint64_t value = changed(&changes[i], vmcs_get(vmcs, changes[i].target));

		if (i == without)
			continue;
		/* The one answer that hangs on the machine. */
		if (changes[i].target == VMCS_LINK_POINTER && value == 0)
			value = vmcs->address;
		vmcs_set(vmcs, changes[i].target, value);
	}
}

/* Does the state break this rule and no other (CATALOGUE_SIZE: no rule)? */
static bool
breaks_only(const struct vmcs *vmcs, const struct capabilities *processor, enum catalogue_id id)
{
	struct oracle oracle;

	oracle_judge(&oracle, vmcs, processor, false);
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++)
		if ((oracle.violated[i] != 0) != (i == id))
			return false;
	return true;
}

static enum catalogue_id
rule_of(const struct exercise *exercise)
{
	const struct rule *rule = rule_of_number(exercise->rule);

	assert_non_null(rule);
	return catalogue_find(rule->id);
}

/* Bits of the answer's fields that may be anything are none that the answer changes. */
static void
check_free_bits(const struct test_case *test, const struct vmcs *given, const struct vmcs *left)
{
	const struct exercise *exercise = exercise_of(test);

	for (const struct change *change = exercise->answer; change->target; change++)
		if ((vmcs_get(given, change->target) ^ vmcs_get(left, change->target)) &
		        exercise->free)
			fail_msg("%s: the answer changes what may be anything", test->id);
}

static void
check_state(const struct test_case *test, unsigned model, const struct vmcs *valid)
{
	const struct exercise *exercise = exercise_of(test);
	const struct capabilities *processor = &models[model];
	enum catalogue_id rule = rule_of(exercise);
	enum catalogue_id answered = exercise->breaks ? rule : CATALOGUE_SIZE;
	struct vmcs given = *valid, left;

	apply(&given, exercise->given, -1);
	if (!breaks_only(valid, processor, CATALOGUE_SIZE))
		fail_msg("%s on %s: the guest is none", test->id, model_names[model]);
	if (!breaks_only(&given, processor, exercise->breaks ? CATALOGUE_SIZE : rule))
		fail_msg("%s on %s: the given state is another", test->id, model_names[model]);
	left = given;
	apply(&left, exercise->answer, -1);
	if (!breaks_only(&left, processor, answered))
		fail_msg("%s on %s: the answer is none", test->id, model_names[model]);
	check_free_bits(test, &given, &left);
	for (int i = 0; exercise->answer[i].target; i++) {
		left = given;
		apply(&left, exercise->answer, i);
		if (breaks_only(&left, processor, answered))
			fail_msg(
			        "%s on %s: change %d is needless", test->id, model_names[model], i);
	}
}

/* On each of Bochs' models and on those that no emulator has, wherever it can be posed. */
static void
states_are_what_they_say(void **state)
{
	unsigned posed[64] = { 0 };

	(void)state;
	for (unsigned model = 0; model < MODELS; model++) {
		if (model == ANY) /* no address is too wide for it */
			continue;
		for (size_t i = 0; i < CASE_COUNT; i++) {
			struct vmcs valid;

			if (!make_valid(cases_start[i], &models[model], &valid))
				continue;
			posed[i]++;
			check_state(cases_start[i], model, &valid);
		}
	}
	for (size_t i = 0; i < CASE_COUNT; i++)
		assert_true(posed[i] >= 5);
}

/* 24 exercises in the order of the header, first those to diagnose, then those to break; 100 points. */
static void
exercises_are_complete(void **state)
{
	unsigned seen[EXERCISE_COUNT] = { 0 }, points = 0;

	(void)state;
	assert_int_equal(CASE_COUNT, 24);
	assert_int_equal(EXERCISE_COUNT, 1 + CASE_COUNT);
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];
		const struct exercise *exercise = exercise_of(test);
		unsigned number = test->guest.exercise;

		assert_int_equal(number, i + 1);
		assert_int_equal(seen[number]++, 0);
		assert_int_equal(exercise->breaks, number >= BREAK_efer_lma_lme);
		assert_int_equal(exercise->breaks, strncmp(test->id, "break-", 6) == 0);
		assert_int_equal(change_count(exercise->given) == 0, exercise->breaks);
		assert_in_range(change_count(exercise->answer), 1, MOST_CHANGES);
		/* Half a point is none. */
		assert_true(exercise->breaks || test->points % 2 == 0);
		points += test->points;
	}
	assert_int_equal(points, 100);
}

/* One change for each field: their number is what the points are counted by. */
static void
answers_count_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct change *answer = exercise_of(cases_start[i])->answer;

		for (size_t j = 0; answer[j].target; j++)
			for (size_t k = 0; k < j; k++)
				assert_int_not_equal(answer[j].target, answer[k].target);
	}
}

/* A title tells neither the rule nor the field that is to be repaired. */
static void
titles_tell_no_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct exercise *exercise = exercise_of(cases_start[i]);

		if (exercise->breaks)
			continue;
		assert_null(strstr(cases_start[i]->title, rule_of_number(exercise->rule)->id));
		assert_null(strstr(cases_start[i]->title, "GUEST_"));
		assert_null(cases_start[i]->hint);
	}
}

static void
check_unmet_condition(const struct rule_input *input, const struct rule *rule)
{
	bool holds;
	unsigned condition = rule_unmet_condition(input, rule, &holds);

	if (condition == RULE_CONDITION_NONE)
		return;
	assert_non_null(rule_condition_text(condition, holds));
	assert_true((holds ? rule->unless : rule->when) >> condition & 1);
}

/* A rule that is violated, by the oracle's judgement, has no unmet condition; others have one of theirs. */
static void
unmet_conditions_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct exercise *exercise = exercise_of(cases_start[i]);
		struct rule_input input;
		struct vmcs vmcs;
		bool holds;

		if (!make_valid(cases_start[i], &models[TIGERLAKE], &vmcs))
			continue;
		apply(&vmcs, exercise->breaks ? exercise->answer : exercise->given, -1);
		input = vmcs_rule_input(&vmcs, &models[TIGERLAKE]);
		assert_int_equal(
		        rule_unmet_condition(&input, rule_of_number(exercise->rule), &holds),
		        RULE_CONDITION_NONE);
		for (const struct rule_group *const *group = rule_groups; *group; group++)
			for (size_t j = 0; j < (*group)->count; j++)
				check_unmet_condition(&input, &(*group)->rules[j]);
	}
}

/* Which one it is, and whether it holds. */
static void
conditions_are_told_apart(void **state)
{
	static const struct {
		const char *base;
		enum rule_name rule;
		const char *text; /* NULL: it applies */
	} examples[] = {
		{ "64-bit", RULE_CR4_PCIDE_32, "the VM-entry control \"IA-32e mode guest\" is 1" },
		{ "32-bit", RULE_CR4_PCIDE_32, NULL },
		{ "32-bit", RULE_RIP_HI_64, "the guest does not start in 64-bit mode" },
		{ "64-bit", RULE_RIP_HI_64, NULL },
		{ "64-bit", RULE_CR0_FIXED0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct vmcs vmcs = { 0 };
		struct rule_input input = vmcs_rule_input(&vmcs, &models[TIGERLAKE]);
		unsigned condition;
		bool holds;

		assert_null(base_make(
		        (unsigned)base_find(examples[i].base), &models[TIGERLAKE], &vmcs));
		condition = rule_unmet_condition(&input, rule_of_number(examples[i].rule), &holds);
		if (examples[i].text)
			assert_string_equal(
			        rule_condition_text(condition, holds), examples[i].text);
		else
			assert_int_equal(condition, RULE_CONDITION_NONE);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_are_what_they_say),
		cmocka_unit_test(exercises_are_complete),
		cmocka_unit_test(answers_count_fields),
		cmocka_unit_test(titles_tell_no_answer),
		cmocka_unit_test(unmet_conditions_are_found),
		cmocka_unit_test(conditions_are_told_apart),
	};

	models_derive();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
