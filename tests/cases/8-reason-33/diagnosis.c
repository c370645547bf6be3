/*
 * The verdict on a diagnosis: half of the points for the right name, half for a repair that a real
 * entry proves, less one for each field changed beyond the smallest number.  A wrong name is answered
 * with why that rule holds, never with the right one.
 */
#include <r33/control_registers.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/segments.h>

#include "attempt.h"
#include "grade/judge_rules.h"
#include "lib/string.h"
#include "rules/names.h"

#define NAME_SHARE 2 /* of the points: one half */

#define LINK_POINTER_QUALIFICATION 4

/* What makes the guest the one it is, in every exercise. */
static const struct field_part mode[] = {
	{ GUEST_CR0, CR0_PE | CR0_PG },
	{ GUEST_RFLAGS, RFLAGS_VM },
	{ GUEST_CS_ACCESS_RIGHTS, RIGHTS_L | RIGHTS_DB },
	{ 0 },
};

/* Is the rule named rightly?  The message says why not. */
static bool
judge_name(const struct attempt *attempt, struct case_result *result)
{
	const struct rule *named = rule_of_number(result->log.returned);

	if (named == attempt->rule) {
		result_set(result, OUTCOME_PASSED, "the rule is named rightly");
		return true;
	}
	if (result->log.returned == RULE_NONE) {
		result_set(result, OUTCOME_WRONG_RULE,
		        "your function returned RULE_NONE, so the rule is not named yet");
		return false;
	}
	if (!named) {
		result_set(result, OUTCOME_LAB_GARBAGE,
		        "your function returned %#lx, which is not the name of a rule",
		        result->log.returned);
		return false;
	}
	result_set(result, OUTCOME_WRONG_RULE, "the given state does not break %s: ", named->id);
	explain_why_rule_holds(attempt, named, AS_GIVEN, result);
	return false;
}

/* The rules that the repair has broken are the part's own doing; the one that was given is for it to
 * find, unless it has. */
static void
hide_rule(const struct attempt *attempt, struct case_result *result)
{
	size_t kept = 0;

	for (size_t i = 0; i < result->rule_count; i++)
		if (result->rules[i].rule != attempt->rule)
			result->rules[kept++] = result->rules[i];
	result->rule_count = kept;
}

/* The state that the part left breaks rules: let the processor say so. */
static void
fail_again(bool engine_lets_pass, struct case_result *result)
{
	struct guest_outcome *guest = &result->guest;

	result->guest_ran = !engine_lets_pass;
	if (!engine_lets_pass)
		guest_try_entry(guest);
	if (engine_lets_pass)
		result_set(result, OUTCOME_ENTRY_FAILED,
		        "Bochs lets the state that you left pass, a real processor does not (so "
		        "the entry was not tried)");
	else if (guest->end == GUEST_VMFAIL)
		result_set(result, OUTCOME_VMFAIL, "VMLAUNCH failed: %s",
		        vm_instruction_error_name(guest->error_number));
	else
		result_set(result, OUTCOME_ENTRY_FAILED,
		        "with the state that you left, VM entry fails with exit reason %u, "
		        "qualification %lu",
		        guest->reason, guest->qualification);
}

/* Enter a state that breaks no rule.  Did its guest come to its end? */
static bool
runs(const struct attempt *attempt, struct case_result *result)
{
	struct guest_outcome *guest = &result->guest;

	result->guest_ran = false;
	if (guest_sleeps_for_ever() || vmcs_read(GUEST_ACTIVITY_STATE) == ACTIVITY_SHUTDOWN) {
		result_set(result, OUTCOME_GUEST_FAILED, GUEST_SLEEPS_FOR_EVER);
		return false;
	}
	judge_enter(attempt->test, guest);
	result->guest_ran = guest->end != GUEST_KEPT_OUT;
	if (judge_ended_as_expected(attempt->test, guest))
		return true;
	if (guest->end == GUEST_KEPT_OUT)
		result_set(result, OUTCOME_WRONG_STATE,
		        "VMCS_LINK_POINTER points to memory that holds no VMCS of this guest, so "
		        "the entry was not tried");
	else if (guest->end == GUEST_VMFAIL)
		result_set(result, OUTCOME_VMFAIL, "VMLAUNCH failed: %s",
		        vm_instruction_error_name(guest->error_number));
	else if (guest->end == GUEST_ENTRY_FAILED && guest->qualification)
		/* Of what is in memory the rules judge only what is the guest's. */
		result_set(result, OUTCOME_ENTRY_FAILED,
		        "with the state that you left, VM entry fails with exit reason %u, "
		        "qualification %lu: %s",
		        guest->reason, guest->qualification,
		        guest->qualification == LINK_POINTER_QUALIFICATION ? "the VMCS link pointer"
		                                                           : "the PDPTEs");
	else if (guest->end == GUEST_ENTRY_FAILED)
		result_set(result, OUTCOME_ENTRY_FAILED,
		        "no rule of the SDM is broken any more, but this processor refuses the "
		        "state that you left");
	else
		judge_bad_end(guest, result);
	return false;
}

/* The change of the smallest repair to a field, or NULL. */
static const struct change *
answer_to(const struct attempt *attempt, size_t i)
{
	for (const struct change *change = attempt->exercise->answer; change->target; change++)
		if (change->target == attempt->fields[i])
			return change;
	return NULL;
}

/* What the smallest repair leaves in a field. */
static uint64_t
repaired(const struct attempt *attempt, size_t i)
{
	const struct change *change = answer_to(attempt, i);

	return change ? changed(change, attempt->given[i]) : attempt->given[i];
}

/* The bits in which a field of the smallest repair is not as that leaves it. */
static uint64_t
missed_bits(const struct attempt *attempt, size_t i)
{
	return answer_to(attempt, i)
	               ? (attempt->left[i] ^ repaired(attempt, i)) & ~attempt->exercise->free
	               : 0;
}

/* A change is right when the smallest repair makes it, too. */
static void
mark_repair(struct attempt *attempt)
{
	mark_changes(attempt, FIELD_WRONG);
	for (size_t i = 0; i < attempt->field_count; i++)
		if (attempt->states[i] == FIELD_WRONG && answer_to(attempt, i) &&
		        !missed_bits(attempt, i))
			attempt->states[i] = FIELD_RIGHT;
}

static void
say_it_is_another(uint32_t field, uint64_t bits, struct case_result *result)
{
	char names[SENTENCE_MAX / 2];

	vmcs_field_name_bits(names, sizeof(names), field, bits);
	result_set(result, OUTCOME_WRONG_STATE,
	        "the guest is entered, but it is not the same as before: %s, %s",
	        vmcs_field_name(field), names);
}

/* Is the guest still the one that it was before it was broken, in these fields? */
static bool
keeps(const struct attempt *attempt, const struct field_part *part, struct case_result *result)
{
	for (; part->field; part++) {
		for (size_t i = 0; i < attempt->field_count; i++) {
			uint64_t lost = (attempt->left[i] ^ repaired(attempt, i)) & part->bits;

			if (attempt->fields[i] != part->field || !lost)
				continue;
			say_it_is_another(part->field, lost, result);
			return false;
		}
	}
	return true;
}

/* Are the fields of the smallest repair as it leaves them?  Where another field was changed instead, it
 * is that one that makes another guest: the right one is for the part to find. */
static bool
makes_the_repair(const struct attempt *attempt, struct case_result *result)
{
	size_t missed = attempt->field_count, other = attempt->field_count;

	for (size_t i = attempt->field_count; i-- > 0;) {
		if (missed_bits(attempt, i))
			missed = i;
		if (attempt->left[i] != attempt->given[i] && !answer_to(attempt, i))
			other = i;
	}
	if (missed == attempt->field_count)
		return true;
	if (attempt->left[missed] == attempt->given[missed] && other < attempt->field_count)
		say_it_is_another(attempt->fields[other],
		        attempt->left[other] ^ attempt->given[other], result);
	else
		say_it_is_another(attempt->fields[missed], missed_bits(attempt, missed), result);
	return false;
}

/* Has the part repaired the state?  The message says why not. */
static bool
judge_repair(const struct attempt *attempt, struct case_result *result)
{
	bool engine_lets_pass;

	if (attempt->changed_count == 0) {
		result_set(result, OUTCOME_ENTRY_FAILED,
		        "you changed no field, so the state still cannot be entered");
		return false;
	}
	result->rule_count = judge_rules(attempt->part, NULL, result->rules, &engine_lets_pass);
	if (result->rule_count) {
		fail_again(engine_lets_pass, result);
		return false;
	}
	return runs(attempt, result) && keeps(attempt, mode, result) &&
	       keeps(attempt, attempt->exercise->keeps, result) &&
	       makes_the_repair(attempt, result);
}

void
judge_diagnosis(struct attempt *attempt, struct case_result *result)
{
	static char repair[SENTENCE_MAX];
	unsigned name_points = attempt->test->points / NAME_SHARE;
	unsigned repair_points = attempt->test->points - name_points;
	unsigned needless = needless_changes(attempt);
	bool repaired = judge_repair(attempt, result);
	enum case_outcome outcome = result->outcome;
	bool named;

	mark_repair(attempt);
	memcpy(repair, result->message, sizeof(repair));
	named = judge_name(attempt, result);
	if (!named)
		hide_rule(attempt, result);
	result->earned = named ? name_points : 0;
	if (!repaired) {
		result_append(result, "; %s", repair);
		if (named)
			result->outcome = outcome;
		return;
	}
	result->earned += needless < repair_points ? repair_points - needless : 0;
	if (needless == 0) {
		result_append(result, "; the state is repaired");
		return;
	}
	result_append(result, "; the state is repaired, but %u of the changes %s needless",
	        needless, needless == 1 ? "was" : "were");
	name_wrong_changes(attempt, result);
	if (named)
		result->outcome = OUTCOME_NEEDLESS_CHANGE;
}
