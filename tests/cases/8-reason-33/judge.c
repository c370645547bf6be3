/*
 * Lab 8's judge: fills a guest state in, breaks it as the case says, shows by a real entry that it
 * fails, and lets the lab have it.  What the answer has earned is decided in diagnosis.c and break.c.
 */
#include <r33/lab.h>

#include "attempt.h"
#include "grade/grade.h"
#include "grade/judge_rules.h"
#include "lib/format.h"
#include "lib/string.h"
#include "vmx/regions.h"

static struct attempt attempt;

#define NAME_OF_DIAGNOSE(name) [DIAGNOSE_##name] = "diagnose_" #name,
#define NAME_OF_BREAK(name)    [BREAK_##name] = "break_" #name,
static const char *const function_names[EXERCISE_COUNT] = { EXERCISES(
	NAME_OF_DIAGNOSE, NAME_OF_BREAK) };

static void
list_fields(const struct part *part)
{
	for (size_t i = 0; i < part->field_count; i++)
		attempt.fields[attempt.field_count++] = part->fields[i];
}

/* A field that this processor lacks is always 0. */
static void
take_state(uint64_t *values)
{
	for (size_t i = 0; i < attempt.field_count; i++)
		if (vmx->read(attempt.fields[i], &values[i]) != VMX_SUCCEED)
			values[i] = 0;
}

static void
attempt_begin(const struct verdict_input *input)
{
	memset(&attempt, 0, sizeof(attempt));
	attempt.test = input->test;
	attempt.exercise = input->test->details;
	attempt.rule = rule_of_number(attempt.exercise->rule);
	attempt.part = input->part;
	list_fields(input->part);
	for (size_t i = 0; i < PART_COUNT; i++)
		list_fields(&parts[i]);
	for (const struct change *change = attempt.exercise->given; change->target; change++)
		vmcs_write(change->target, changed(change, vmcs_read(change->target)));
}

static bool
is_rule_alone(const struct rule_violation *violations, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (violations[i].rule != attempt.rule)
			return false;
	return count > 0;
}

/* Is the given state what the case says, and does the processor answer to it as the rule says? */
static bool
prove_given_state(struct case_result *result)
{
	bool engine_lets_pass;

	result->rule_count = judge_rules(attempt.part, NULL, result->rules, &engine_lets_pass);
	if (attempt.exercise->breaks && result->rule_count == 0)
		return true;
	if (attempt.exercise->breaks || !is_rule_alone(result->rules, result->rule_count)) {
		result_set(result, OUTCOME_HARNESS,
		        "the state of this exercise breaks %lu rules (%s)", result->rule_count,
		        result->rule_count ? result->rules[0].rule->id : "");
		return false;
	}
	result->rule_count = 0;
	if (engine_lets_pass)
		return true;
	guest_try_entry(&result->guest);
	result->guest_ran = true;
	if (failed_as_rule_says(&attempt, &result->guest))
		return true;
	result_set(result, OUTCOME_HARNESS,
	        "rule %s says that this state cannot be entered, but the processor did not",
	        attempt.rule->id);
	return false;
}

static void
count_changes(void)
{
	take_state(attempt.left);
	for (size_t i = 0; i < attempt.field_count; i++)
		attempt.changed_count += attempt.left[i] != attempt.given[i];
}

static void
describe_expectation(struct case_result *result)
{
	size_t count = change_count(attempt.exercise->answer);
	const char *fields = count == 1 ? "field" : "fields";

	if (attempt.exercise->breaks)
		format_string(result->expected, sizeof(result->expected),
		        "a state that breaks %s and no other rule, and ENTER (it takes %lu %s)",
		        attempt.rule->id, count, fields);
	else
		format_string(result->expected, sizeof(result->expected),
		        "the name of the rule that the given state breaks, and a state that can be "
		        "entered (it takes %lu %s)",
		        count, fields);
}

/* The picture shows what became of the changes; what was not changed tells nothing. */
static void
show_fields(struct case_result *result)
{
	static struct part all;

	all.fields = attempt.fields;
	all.field_count = attempt.field_count;
	result->part = &all;
	memcpy(result->fields, attempt.states, attempt.field_count);
}

static void
conduct(const struct verdict_input *input, struct case_result *result)
{
	unsigned failed_part = grade_run_reference(input->guest, NULL);
	bool unanswered;

	if (failed_part) {
		result_set(result, OUTCOME_HARNESS,
		        "the reference's part %u could not fill its fields", failed_part);
		return;
	}
	attempt_begin(input);
	if (!prove_given_state(result))
		return;
	take_state(attempt.given);
	lab_run(&module_labs[input->test->lab], input->part, input->guest, &vmcs_pool,
	        &result->log);
	result->lab_ran = true;
	count_changes();
	describe_expectation(result);
	unanswered = result->log.returned == UNWRITTEN && attempt.changed_count == 0;
	/* How the given state failed tells nothing to a student who did not answer. */
	if (unanswered)
		result->guest_ran = false;
	if (judge_misbehaviour(&result->log, result))
		return;
	if (unanswered) {
		result_set(result, OUTCOME_NOT_WRITTEN,
		        "your function returned %s: it has not been written yet",
		        attempt.exercise->breaks ? "UNWRITTEN" : "RULE_NONE");
		return;
	}
	if (attempt.exercise->breaks)
		judge_break(&attempt, result);
	else
		judge_diagnosis(&attempt, result);
	show_fields(result);
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	format_string(text, size, "%s(); it changed %lu %s", function_names[guest->exercise],
	        attempt.changed_count, attempt.changed_count == 1 ? "field" : "fields");
}

JUDGE = {
	.lab = 8,
	.conduct = conduct,
	.describe_wish = describe_wish,
};
