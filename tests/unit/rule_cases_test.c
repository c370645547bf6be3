/*
 * Unit tests of the rule cases (tests/rules/) and of what r33 makes of them for a processor: each
 * breaks its rule and no other, by the oracle's judgement, and its twin none.  `r33 conform` enters
 * them for real.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "oracle/pose.h"
#include "oracle/predict.h"
#include "rules_models.h"
#include "rules_oracle.h"

/* Call the function with each case posed for each of this Bochs' models. */
static void
for_each_case_of(enum bochs_version version,
        void (*function)(const struct posed_case *posed, unsigned model))
{
	static struct posed_case posed;

	models_derive();
	for (const struct rule_case_group *const *group = rule_case_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			for (unsigned model = 0; model < BOCHS_MODELS; model++) {
				const struct rule_case *test = &(*group)->cases[i];

				if (model_version(model) > version)
					continue;
				if (!pose(test, &models[model], version, &posed))
					fail_msg("%s from %s, number %zu of its file, on %s: %s",
					        test->rule, test->base, i, model_names[model],
					        posed.reason);
				function(&posed, model);
			}
		}
	}
}

/* The version of Bochs whose models the cases are posed for. */
static enum bochs_version posed_for;

static void
for_each_case(void (*function)(const struct posed_case *posed, unsigned model))
{
	for (posed_for = BOCHS_2_7; posed_for < BOCHS_VERSIONS; posed_for++)
		for_each_case_of(posed_for, function);
}

static bool has_broken[BOCHS_VERSIONS][CATALOGUE_SIZE], has_twin[BOCHS_VERSIONS][CATALOGUE_SIZE];

/* What a processor looks at first: controls, then guest state, then MSRs to load. */
static unsigned
stage_of(enum catalogue_id id)
{
	const char *name = catalogue_name(id);

	return strncmp(name, "CTL-", 4) == 0 || strncmp(name, "INJ-", 4) == 0 ? 0
	       : strncmp(name, "MSRL-", 5) == 0                               ? 2
	                                                                      : 1;
}

/* The rule that the state violates, of those looked at first; CATALOGUE_SIZE for none. */
static enum catalogue_id
only_violation(const struct vmcs *vmcs, unsigned model)
{
	enum catalogue_id found = CATALOGUE_SIZE;
	struct oracle oracle;

	oracle_judge(&oracle, vmcs, &models[model], false);
	for (unsigned stage = 0; stage < 3 && found == CATALOGUE_SIZE; stage++) {
		for (unsigned i = 0; i < CATALOGUE_SIZE; i++) {
			if (!oracle.violated[i] || stage_of((enum catalogue_id)i) != stage)
				continue;
			if (found != CATALOGUE_SIZE)
				fail_msg("%s and %s are both violated", catalogue_name(found),
				        catalogue_name((enum catalogue_id)i));
			found = (enum catalogue_id)i;
		}
	}
	return found;
}

static void
check_case(const struct posed_case *posed, unsigned model)
{
	enum catalogue_id id = catalogue_find(posed->test->rule);

	assert_int_not_equal(id, CATALOGUE_SIZE);
	assert_string_equal(posed->rule->id, posed->test->rule);
	if (posed->has_broken && only_violation(&posed->broken, model) != id)
		fail_msg("%s from %s is not what is broken", posed->test->rule, posed->test->base);
	if (posed->has_twin && only_violation(&posed->twin, model) != CATALOGUE_SIZE)
		fail_msg("%s from %s has a broken twin", posed->test->rule, posed->test->base);
	if (!posed->has_broken)
		assert_true(posed->reason[0] != '\0');
	has_broken[posed_for][id] |= posed->has_broken;
	has_twin[posed_for][id] |= posed->has_twin;
}

static void
cases_break_one_rule_and_twins_none(void **state)
{
	(void)state;
	for_each_case(check_case);
}

static void
check_case_of_rule(const struct rule *rule, unsigned id, enum bochs_version version)
{
	bool broken = has_broken[version][id], twin = has_twin[version][id];
	const char *name = bochs_version_name(version);

	if (rule->bochs[version] == BOCHS_CANNOT && broken)
		fail_msg("%s can be posed on Bochs %s, but the table says it cannot", rule->id,
		        name);
	if (rule->bochs[version] != BOCHS_CANNOT && (!broken || !twin))
		fail_msg("%s has no %s on any model of Bochs %s", rule->id,
		        broken ? "twin" : "case", name);
}

/* Each rule that some model of this Bochs can be brought to break has a case that does. */
static void
every_rule_has_a_case(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++) {
		const struct rule *rule = rule_find(catalogue_name((enum catalogue_id)i));

		assert_non_null(rule);
		for (enum bochs_version version = BOCHS_2_7; version < BOCHS_VERSIONS; version++)
			check_case_of_rule(rule, i, version);
	}
}

/* What the predictions must be, from the rule alone. */
static void
check_prediction(const struct posed_case *posed, unsigned model)
{
	const struct rule *rule = posed->rule;
	const struct capabilities *processor = &models[model];
	unsigned number = rule->outcome == INVALID_GUEST_STATE ? 33
	                  : rule->outcome == MSR_LOAD_FAILS    ? 34
	                                                       : 7;
	enum batch_end end = rule->outcome == VMFAIL_CONTROL ? BATCH_VMFAIL : BATCH_ENTRY_FAILED;
	uint32_t mask, by_sdm = predict(&posed->broken, processor, BOCHS_NONE, &mask);

	if (posed->has_twin)
		assert_int_equal(predict(&posed->twin, processor, BOCHS_NONE, &mask),
		        BATCH_RESULT(BATCH_ENTERED, 0, 0));
	if (!posed->has_broken)
		return;
	by_sdm = predict(&posed->broken, processor, BOCHS_NONE, &mask);
	assert_int_equal(by_sdm >> 24, end);
	assert_int_equal(by_sdm >> 16 & 0xff, number);
	if (rule->outcome == INVALID_GUEST_STATE)
		assert_int_equal(by_sdm & 0xffff, rule->qualification);
	if (rule->outcome == MSR_LOAD_FAILS)
		assert_in_range(by_sdm & 0xffff, 1, 2);
	assert_int_equal(mask, BATCH_RESULT_MASK_ALL);
	if (rule->bochs[posed_for] == BOCHS_LETS_PASS && rule->outcome == INVALID_GUEST_STATE)
		assert_int_equal(
		        predict(&posed->broken, processor, posed_for, &mask) >> 24, BATCH_ENTERED);
	if (rule->bochs[posed_for] == BOCHS_AGREES)
		assert_int_equal(predict(&posed->broken, processor, posed_for, &mask) >> 24, end);
}

static void
predictions_follow_the_rule(void **state)
{
	(void)state;
	for_each_case(check_prediction);
}

/* Of two violations with different qualifications either may be reported. */
static void
predictions_of_two_violations_leave_the_qualification_open(void **state)
{
	struct vmcs vmcs;
	uint32_t mask, result;

	(void)state;
	models_derive();
	assert_null(base_make((unsigned)base_find("pae-ept"), &models[TIGERLAKE], &vmcs));
	vmcs_set(&vmcs, GUEST_PDPTE0, 7);
	vmcs_set(&vmcs, GUEST_RFLAGS, 0);
	result = predict(&vmcs, &models[TIGERLAKE], BOCHS_NONE, &mask);
	assert_int_equal(result >> 16, BATCH_ENTRY_FAILED << 8 | 33);
	assert_int_equal(mask, BATCH_RESULT_NO_QUALIFICATION);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_break_one_rule_and_twins_none),
		cmocka_unit_test(every_rule_has_a_case),
		cmocka_unit_test(predictions_follow_the_rule),
		cmocka_unit_test(predictions_of_two_violations_leave_the_qualification_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
