/*
 * Unit tests of the rules.  What is right comes from rules_oracle*.c, which is written from the SDM's
 * text and not from the rules: on hundreds of thousands of random states the two must agree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "rules/terms.h"
#include "rules_compare.h"
#include "rules_models.h"
#include "rules_states.h"

enum { SEED = 33, STATES_PER_MODEL = 40000, FEW_STATES = 400 };

static struct state_source sources[MODELS];
static struct coverage coverage;

static int
prepare(void **state)
{
	(void)state;
	states_prepare_models(sources);
	return 0;
}

static int
clean_up(void **state)
{
	(void)state;
	states_free_models(sources);
	return 0;
}

/* One state in eight is in SMM. */
static bool
make_state(unsigned model, uint64_t number, struct vmcs *vmcs)
{
	states_make(&sources[model], SEED + model, number, vmcs);
	return states_below(&sources[model], 8) == 0;
}

/* Library and oracle violate the same rules, in random states of ten processors. */
static void
random_states_agree_with_the_sdm(void **state)
{
	struct vmcs vmcs;

	(void)state;
	for (unsigned model = 0; model < MODELS; model++) {
		for (uint64_t i = 0; i < STATES_PER_MODEL; i++) {
			bool in_smm = make_state(model, i, &vmcs);
			const char *difference = compare(&vmcs, &models[model], in_smm, &coverage);

			if (difference)
				fail_msg("%s, state %llu%s: %s", model_names[model],
				        (unsigned long long)i, in_smm ? " in SMM" : "", difference);
		}
	}
}

/* In those states each rule was violated, and held although it applied. */
static void
random_states_reach_every_rule(void **state)
{
	unsigned missing = 0;

	(void)state;
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++) {
		if (coverage.violated[i] && coverage.held[i])
			continue;
		print_message("%s: violated in %lu states, held in %lu\n",
		        catalogue_name((enum catalogue_id)i), coverage.violated[i],
		        coverage.held[i]);
		missing++;
	}
	assert_int_equal(missing, 0);
}

/* Rules that are unknown when all is known, but for what WRMSR makes of MSRs that the SDM does not
 * describe for all processors. */
static const struct rule *
first_unknown(const struct rule_input *input)
{
	const struct rule *unknown[RULES_MAX] = { NULL };
	size_t count = rules_unknown(input, unknown, RULES_MAX);

	for (size_t i = 0; i < count; i++)
		if (strcmp(unknown[i]->id, "MSRL-WRMSR-GP") != 0)
			return unknown[i];
	return NULL;
}

/* Whoever knows all fields and all memory of a known processor has no unknown rule. */
static void
nothing_is_unknown_when_all_is_known(void **state)
{
	struct vmcs vmcs;

	(void)state;
	for (unsigned model = 0; model < MODELS; model++) {
		for (uint64_t i = 0; i < FEW_STATES && model != ANY; i++) {
			bool in_smm = make_state(model, i, &vmcs);
			struct rule_input input = compare_input(&vmcs, &models[model], in_smm);
			const struct rule *unknown = first_unknown(&input);

			if (unknown)
				fail_msg("%s, state %llu%s: %s is unknown", model_names[model],
				        (unsigned long long)i, in_smm ? " in SMM" : "",
				        unknown->id);
		}
	}
}

/* An MSR of which nobody knows what WRMSR makes of it is unknown, others are not. */
static void
foreign_msrs_are_unknown(void **state)
{
	static const uint32_t known[] = { 0x174, 0x175, 0x277, 0x480, 0xc0000080, 0xc0000102,
		0x800 };
	struct vmcs vmcs = sources[HASWELL].bases[0];
	struct rule_input input = compare_input(&vmcs, &models[HASWELL], false);
	const struct rule *unknown;

	(void)state;
	vmcs_set(&vmcs, VM_ENTRY_MSR_LOAD_COUNT, 1);
	for (unsigned i = 0; i < COUNT(known); i++) {
		vmcs_set_memory(&vmcs, vmcs_get(&vmcs, VM_ENTRY_MSR_LOAD_ADDRESS), known[i]);
		assert_int_equal(rules_unknown(&input, &unknown, 1), 0);
	}
	vmcs_set_memory(&vmcs, vmcs_get(&vmcs, VM_ENTRY_MSR_LOAD_ADDRESS), 0x12345);
	assert_int_equal(rules_unknown(&input, &unknown, 1), 1);
	assert_string_equal(unknown->id, "MSRL-WRMSR-GP");
	assert_int_equal(rules_check(&input, NULL, 0), 0);
}

/* Fields that are read one by one say the same as those that are read at once. */
static void
both_readers_say_the_same(void **state)
{
	struct rule_violation at_once[COMPARE_ROOM], one_by_one[COMPARE_ROOM];
	struct vmcs vmcs;

	(void)state;
	for (uint64_t i = 0; i < FEW_STATES; i++) {
		bool in_smm = make_state(TIGERLAKE, i, &vmcs);
		struct rule_input input = compare_input(&vmcs, &models[TIGERLAKE], in_smm);
		size_t count, other_count;

		vmcs.known[states_below(&sources[TIGERLAKE], VMCS_FIELD_COUNT)] = false;
		assert_non_null(input.read_many);
		count = rules_check(&input, at_once, COMPARE_ROOM);
		input.read_many = NULL;
		other_count = rules_check(&input, one_by_one, COMPARE_ROOM);
		assert_int_equal(count, other_count);
		assert_memory_equal(at_once, one_by_one, count * sizeof(at_once[0]));
	}
}

/* With little room all violations are counted, the first are stored, and nothing behind them. */
static void
violations_beyond_the_room_are_counted(void **state)
{
	struct rule_violation all[COMPARE_ROOM], some[COMPARE_ROOM], untouched;
	struct vmcs vmcs;

	(void)state;
	memset(&untouched, 0xa5, sizeof(untouched));
	for (uint64_t i = 0; i < FEW_STATES; i++) {
		bool in_smm = make_state(TIGERLAKE, i, &vmcs);
		struct rule_input input = compare_input(&vmcs, &models[TIGERLAKE], in_smm);
		size_t count = rules_check(&input, all, COMPARE_ROOM);

		assert_int_equal(rules_check(&input, NULL, 0), count);
		for (size_t room = 0; room <= count && room < COMPARE_ROOM; room++) {
			memset(some, 0xa5, sizeof(some));
			assert_int_equal(rules_check(&input, some, room), count);
			for (size_t j = 0; j < room; j++) {
				assert_ptr_equal(some[j].rule, all[j].rule);
				assert_int_equal(some[j].index, all[j].index);
				assert_int_equal(some[j].field, all[j].field);
				assert_true(some[j].value == all[j].value);
				assert_true(some[j].offending == all[j].offending);
			}
			assert_memory_equal(&some[room], &untouched, sizeof(untouched));
		}
	}
}

static bool
read_nothing(void *context, uint32_t field, uint64_t *value)
{
	(void)context;
	(void)field;
	*value = 0xa5a5a5a5a5a5a5a5;
	return false;
}

/* Of an empty dump nothing is violated; all rules are unknown but for those that ask for something no
 * dump has to say, and with little room they are counted as well. */
static void
an_empty_dump_decides_nothing(void **state)
{
	const struct rule *unknown[RULES_MAX], *few[3] = { NULL, NULL, NULL };
	struct rule_input input = { .read = read_nothing, .capabilities = &models[TIGERLAKE] };
	size_t count;

	(void)state;
	assert_int_equal(rules_check(&input, NULL, 0), 0);
	assert_int_equal(rules_check_as_bochs(&input, BOCHS_3_0, NULL, 0), 0);
	count = rules_unknown(&input, unknown, RULES_MAX);
	assert_true(count >= CATALOGUE_SIZE - 4 && count <= CATALOGUE_SIZE);
	assert_int_equal(rules_unknown(&input, few, 2), count);
	assert_ptr_equal(few[0], unknown[0]);
	assert_ptr_equal(few[1], unknown[1]);
	assert_null(few[2]);
}

/* An entry of the MSR-load area is reported by its number, from 0; the processor counts from 1. */
static void
msr_load_entries_are_numbered(void **state)
{
	struct vmcs vmcs = sources[HASWELL].bases[0];
	struct rule_violation violations[COMPARE_ROOM];
	struct rule_input input = compare_input(&vmcs, &models[HASWELL], false);
	uint64_t area = vmcs_get(&vmcs, VM_ENTRY_MSR_LOAD_ADDRESS);

	(void)state;
	vmcs_set(&vmcs, VM_ENTRY_MSR_LOAD_COUNT, 5);
	for (uint64_t i = 0; i < 5; i++)
		vmcs_set_memory(&vmcs, area + 16 * i, 0x174);
	assert_int_equal(rules_check(&input, violations, COMPARE_ROOM), 0);
	for (unsigned i = 0; i < 5; i++) {
		vmcs_set_memory(&vmcs, area + 16 * i, 0xc0000100);
		assert_int_equal(rules_check(&input, violations, COMPARE_ROOM), 1);
		assert_string_equal(violations[0].rule->id, "MSRL-FSGS-BASE");
		assert_int_equal(violations[0].index, i);
		assert_true(violations[0].value == 0xc0000100);
		assert_int_equal(rule_qualification(&violations[0]), i + 1);
		vmcs_set_memory(&vmcs, area + 16 * i, 0x174);
	}
}

/* A count that no area can have ends somewhere, and is reported. */
static void
msr_load_areas_are_bounded(void **state)
{
	struct vmcs vmcs = sources[HASWELL].bases[0];
	struct rule_violation violations[COMPARE_ROOM];
	struct rule_input input = compare_input(&vmcs, &models[HASWELL], false);
	bool reported = false;
	size_t count;

	(void)state;
	vmcs_set(&vmcs, VM_ENTRY_MSR_LOAD_COUNT, 0xffffffff);
	vmcs_set_memory(&vmcs, vmcs_get(&vmcs, VM_ENTRY_MSR_LOAD_ADDRESS), 0xc0000100);
	count = rules_check(&input, violations, COMPARE_ROOM);
	assert_true(count >= 2 && count < COMPARE_ROOM);
	for (size_t i = 0; i < count; i++)
		reported |= strcmp(violations[i].rule->id, "MSRL-COUNT") == 0;
	assert_true(reported);
}

/* Qualifications: of the link pointer 4, of PDPTEs 2, of an NMI under STI blocking 3, else 0. */
static void
qualifications_are_the_sdms(void **state)
{
	unsigned seen[5] = { 0 };

	(void)state;
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			const struct rule *rule = &(*group)->rules[i];
			struct rule_violation violation = { .rule = rule, .index = 6 };
			unsigned expected = strncmp(rule->id, "LINK-", 5) == 0     ? 4
			                    : strncmp(rule->id, "PDPTE-", 6) == 0  ? 2
			                    : strcmp(rule->id, "INT-NMI-STI") == 0 ? 3
			                    : strncmp(rule->id, "MSRL-", 5) == 0 &&
			                                    rule->repeat == REPEAT_MSR_LOAD
			                            ? 7
			                            : 0;

			if (strcmp(rule->id, "MSRL-COUNT") == 0)
				continue;
			assert_int_equal(rule_qualification(&violation), expected);
			seen[expected < 5 ? expected : 1]++;
		}
	}
	assert_true(seen[0] > 200 && seen[1] == 6 && seen[2] == 8 && seen[3] == 1 && seen[4] == 7);
}

/* Who knows of a condition although the control is not in the dump can say so. */
static void
assumptions_stand_for_fields(void **state)
{
	struct vmcs vmcs = sources[HASWELL].bases[0];
	struct rule_violation violation;
	struct rule_input input = compare_input(&vmcs, &models[HASWELL], false);
	int secondary = vmcs_index(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS);

	(void)state;
	vmcs_set(&vmcs, GUEST_CS_ACCESS_RIGHTS, 0xa093);
	vmcs.known[secondary] = false;
	assert_int_equal(rules_check(&input, &violation, 1), 0);
	input.assume_false = ON(UNRESTRICTED_GUEST);
	assert_int_equal(rules_check(&input, &violation, 1), 1);
	assert_string_equal(violation.rule->id, "SEG-CS-TYPE-NOURG");
	input.assume_false = 0;
	input.assume_true = ON(UNRESTRICTED_GUEST);
	assert_int_equal(rules_check(&input, &violation, 1), 0);
	vmcs_set(&vmcs, GUEST_CS_ACCESS_RIGHTS, 0xa092);
	assert_true(rules_check(&input, &violation, 1) >= 1);
	assert_string_equal(violation.rule->id, "SEG-CS-TYPE-URG");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_states_agree_with_the_sdm),
		cmocka_unit_test(random_states_reach_every_rule),
		cmocka_unit_test(nothing_is_unknown_when_all_is_known),
		cmocka_unit_test(foreign_msrs_are_unknown),
		cmocka_unit_test(both_readers_say_the_same),
		cmocka_unit_test(violations_beyond_the_room_are_counted),
		cmocka_unit_test(an_empty_dump_decides_nothing),
		cmocka_unit_test(msr_load_entries_are_numbered),
		cmocka_unit_test(msr_load_areas_are_bounded),
		cmocka_unit_test(qualifications_are_the_sdms),
		cmocka_unit_test(assumptions_stand_for_fields),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
