/*
 * The verdict on a broken state: all points when the rules say that exactly this one is violated and the
 * processor answers as it says, less one for each field changed beyond the smallest number.
 */
#include <r33/lab.h>

#include "attempt.h"
#include "grade/judge_rules.h"
#include "rules/names.h"

/* How many violations are of the rule itself. */
static size_t
count_violations(const struct attempt *attempt, const struct case_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->rule_count; i++)
		count += result->rules[i].rule == attempt->rule;
	return count;
}

static const struct rule *
first_other_rule(const struct attempt *attempt, const struct case_result *result)
{
	for (size_t i = 0; i < result->rule_count; i++)
		if (result->rules[i].rule != attempt->rule)
			return result->rules[i].rule;
	return NULL;
}

/* Does the processor answer as the rule says?  Where Bochs does not check it, it is not asked. */
static bool
processor_agrees(const struct attempt *attempt, bool engine_lets_pass, struct case_result *result)
{
	const struct guest_outcome *guest = &result->guest;

	if (engine_lets_pass)
		return true;
	guest_try_entry(&result->guest);
	result->guest_ran = guest->end != GUEST_KEPT_OUT;
	if (failed_as_rule_says(attempt, guest))
		return true;
	result_set(result, OUTCOME_WRONG_STATE,
	        "%s is broken and no other rule, but this processor does not answer with exit "
	        "reason 33 and qualification %u",
	        attempt->rule->id, attempt->rule->qualification);
	return false;
}

/* Needless is what can be taken back, one change after the other, while the rule stays broken alone.
 * Takes it back: nothing is entered any more. */
static void
mark_needless_changes(struct attempt *attempt)
{
	static struct case_result without;
	bool engine_lets_pass;

	for (size_t i = 0; i < attempt->field_count; i++) {
		if (attempt->left[i] == attempt->given[i])
			continue;
		vmcs_write(attempt->fields[i], attempt->given[i]);
		without.rule_count =
		        judge_rules(attempt->part, NULL, without.rules, &engine_lets_pass);
		if (count_violations(attempt, &without) > 0 && !first_other_rule(attempt, &without))
			attempt->states[i] = FIELD_WRONG;
		else
			vmcs_write(attempt->fields[i], attempt->left[i]);
	}
}

void
judge_break(struct attempt *attempt, struct case_result *result)
{
	unsigned needless = needless_changes(attempt), points = attempt->test->points;
	const struct rule *other;
	bool engine_lets_pass;

	mark_changes(attempt, FIELD_WRONG);
	if (result->log.returned == UNWRITTEN) {
		result_set(
		        result, OUTCOME_LAB_GARBAGE, "your function returned UNWRITTEN, not ENTER");
		return;
	}
	if (result->log.returned != ENTER) {
		result_set(result, OUTCOME_LAB_GARBAGE, "your function returned %#lx, not ENTER",
		        result->log.returned);
		return;
	}
	result->rule_count = judge_rules(attempt->part, NULL, result->rules, &engine_lets_pass);
	other = first_other_rule(attempt, result);
	if (result->rule_count == MAX_RULE_VIOLATIONS) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "the state that you left breaks at least %u rules", MAX_RULE_VIOLATIONS);
	} else if (count_violations(attempt, result) == 0) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "the state that you left does not break %s: ", attempt->rule->id);
		explain_why_rule_holds(attempt, attempt->rule, AS_LEFT, result);
	} else if (other) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "the state that you left breaks %s, but %s as well", attempt->rule->id,
		        other->id);
	} else if (processor_agrees(attempt, engine_lets_pass, result)) {
		result->rule_count = 0;
		result_set(result, OUTCOME_PASSED, "as expected");
		mark_changes(attempt, FIELD_RIGHT);
		if (needless == 0)
			return;
		mark_needless_changes(attempt);
		result->earned = needless < points ? points - needless : 1;
		result_set(result, OUTCOME_NEEDLESS_CHANGE,
		        "%s is broken and no other rule, but %u of the changes %s needless",
		        attempt->rule->id, needless, needless == 1 ? "was" : "were");
		name_wrong_changes(attempt, result);
	}
}
