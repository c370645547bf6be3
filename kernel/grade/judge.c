/*
 * What became of a case: the part's answer against the only right one, and both against the
 * processor.
 *
 *                      can be entered                cannot be entered
 *   part says ENTER    enter; compare what it saw    enter; explain the failure
 *   part says REFUSE   wrong refusal                 prove it: enter with the only values
 */
#include "grade/judge.h"

#include <r33/events.h>
#include <r33/lab.h>
#include <r33/vmcs_fields.h>

#include "cpu/trap.h"
#include "grade/field_states.h"
#include "grade/guest_memory.h"
#include "grade/judge_rules.h"
#include "grade/linked_vmcs.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/names.h"

#define NAMED_FIELDS_MAX 4 /* a sentence that names more is not read */

static void
place_probes(const struct verdict_input *input)
{
	static struct probe probes[PROBES_MAX];

	if (input->judge->probes)
		probes_place(
		        probes, input->judge->probes(input->guest, input->only_values, probes));
}

void
judge_prepare(struct verdict_input *input)
{
	struct capabilities capabilities = vmx_capabilities;

	/* As the lab sees it: the rate is in the low bits of IA32_VMX_MISC. */
	capabilities.vmx_misc += input->test->timer_shift;
	input->judge->only_values(input->guest, &capabilities, input->only_values);
	input->broken_rule_count = judge_rules(input->part, input->only_values, input->broken_rules,
	        &input->engine_lets_broken_pass);
	place_probes(input);
}

/* For the report: what is right, without the values themselves: finding those is the lab. */
static void
describe_expectation(const struct verdict_input *input, char *text, size_t size)
{
	if (input->broken_rule_count)
		format_string(text, size,
		        "REFUSE: this processor cannot enter such a guest (%s: %s)",
		        input->broken_rules[0].rule->id, input->broken_rules[0].rule->message);
	else
		format_string(text, size, "ENTER: this processor can enter this guest");
}

/* How the field differs from the wish, or ""; the text is valid until the next call. */
static const char *
difference_of(const struct lab_log *log, const struct observation *observation)
{
	static char text[SENTENCE_MAX];
	const char *name = vmcs_field_name(observation->field);
	char bits[SENTENCE_MAX / 2];
	uint64_t value, wrong;

	text[0] = '\0';
	if (!observation->field)
		return text;
	if (!field_written_value(log, observation->field, &value)) {
		format_string(text, sizeof(text), "; %s was never written", name);
		return text;
	}
	wrong = (value ^ observation->expected) & observation->field_mask;
	vmcs_field_name_bits(bits, sizeof(bits), observation->field, wrong);
	if (wrong)
		format_string(text, sizeof(text),
		        observation->decimal ? "; %s holds the wrong number"
		                             : "; %s differs from the wish in %s",
		        name, bits);
	return text;
}

/* Name the fields that differ from the wish.  Returns how many do. */
static size_t
name_wrong_fields(struct case_result *result, size_t observation_count)
{
	size_t count = 0;

	for (size_t i = 0; i < observation_count; i++) {
		const char *difference = difference_of(&result->log, &result->observations[i]);

		if (difference[0] && ++count <= NAMED_FIELDS_MAX)
			result_append(result, "%s", difference);
	}
	if (count > NAMED_FIELDS_MAX)
		result_append(result, "; and %zu more", count - NAMED_FIELDS_MAX);
	return count;
}

/* The guest did not do as it should: fields that differ from the wish are probably why. */
static void
add_probable_cause(const struct verdict_input *input, struct case_result *result)
{
	name_wrong_fields(result,
	        input->judge->observations(input->guest, input->only_values, result->observations));
}

/* Compare what the guest reported with what it must have seen; and, where a guest cannot see all
 * of a register, what was written with the wish. */
static void
compare_report(const struct verdict_input *input, struct case_result *result)
{
	size_t count =
	        input->judge->observations(input->guest, input->only_values, result->observations);

	if (input->judge->end_observations)
		count += input->judge->end_observations(input->test, input->guest,
		        input->only_values, &result->observations[count]);
	if (input->judge->collect)
		input->judge->collect(input->guest, input->only_values, guest_report());
	for (size_t i = 0; i < count; i++) {
		const struct observation *observation = &result->observations[i];
		uint64_t got = observation->saved_field ? vmcs_read(observation->saved_field)
		                                        : guest_report()[observation->slot];

		if ((got ^ observation->expected) & observation->mask)
			result->differences[result->difference_count++] =
			        (struct difference){ observation, got };
	}
	if (result->difference_count) {
		const struct observation *first = result->differences[0].observation;

		result_set(result, OUTCOME_WRONG_STATE,
		        first->by
		                ? "the guest started, but %s is not as it should be"
		                : "the guest started, but did not find what it was promised in %s",
		        first->name);
		/* What it saw may hang on fields that it cannot see. */
		if (!first->field)
			name_wrong_fields(result, count);
		return;
	}
	result_set(result, OUTCOME_WRONG_STATE,
	        "the guest started, but its state differs from the wish");
	if (name_wrong_fields(result, count) == 0)
		result_set(result, OUTCOME_PASSED, "as expected");
}

bool
judge_ended_as_expected(const struct test_case *test, const struct guest_outcome *guest)
{
	switch (test->expectation) {
	case EXPECT_TIME_OUT: return guest->end == GUEST_TIMED_OUT;
	case EXPECT_ACCEPTED:
		return guest->end == GUEST_ENTRY_FAILED && guest->reason == EXIT_REASON_MSR_LOADING;
	case EXPECT_EXIT: return guest->end == GUEST_EXITED && guest->reason == test->exit_reason;
	default:
		return guest->end == GUEST_EXITED && guest->reason == EXIT_REASON_VMCALL &&
		       guest->rax == GUEST_DONE;
	}
}

void
judge_bad_end(const struct guest_outcome *guest, struct case_result *result)
{
	if (guest->end == GUEST_TIMED_OUT)
		result_set(result, OUTCOME_GUEST_FAILED,
		        "the guest started, but did not finish within its time limit");
	else if (guest->reason == EXIT_REASON_VMCALL && guest->rax == GUEST_DONE)
		result_set(result, OUTCOME_GUEST_FAILED,
		        "the guest ran to its end, but should have been stopped before");
	else if (guest->reason == EXIT_REASON_EXCEPTION_OR_NMI)
		result_set(result, OUTCOME_GUEST_FAILED,
		        "the guest started, but raised %s (error code %#x) at RIP %#lx before it "
		        "was done",
		        exception_name(guest->interruption & EVENT_VECTOR),
		        guest->interruption_error, guest->rip);
	else if (guest->reason == EXIT_REASON_EPT_VIOLATION)
		result_set(result, OUTCOME_GUEST_FAILED,
		        "the guest started, but accessed guest-physical address %#lx, where it has "
		        "no memory",
		        guest->guest_physical);
	else
		result_set(result, OUTCOME_GUEST_FAILED,
		        "the guest started, but left with exit reason %u (%s) before it was done",
		        guest->reason, exit_reason_name(guest->reason));
}

static void
judge_end(const struct verdict_input *input, struct case_result *result)
{
	if (judge_ended_as_expected(input->test, &result->guest)) {
		compare_report(input, result);
		return;
	}
	judge_bad_end(&result->guest, result);
	add_probable_cause(input, result);
}

/* The state that the part made was not entered: why? */
static void
explain_failed_entry(const struct verdict_input *input, struct case_result *result)
{
	const struct guest_outcome *guest = &result->guest;
	const char *rule = result->rule_count          ? result->rules[0].rule->id
	                   : guest->qualification == 2 ? "the PDPTEs in memory (qualification 2)"
	                   : guest->qualification == 4 ? "the VMCS link pointer (qualification 4)"
	                                               : "a rule outside this part";
	enum case_outcome outcome =
	        input->broken_rule_count ? OUTCOME_MISSED_REFUSAL : OUTCOME_ENTRY_FAILED;

	if (!result->guest_ran)
		result_set(result, outcome,
		        "Bochs lets this pass; a real processor does not: rule %s is violated "
		        "(so the entry was not tried)",
		        rule);
	else if (guest->end == GUEST_ENTRY_FAILED)
		result_set(result, outcome, "VM entry failed with exit reason %u (%s): %s",
		        guest->reason, exit_reason_name(guest->reason), rule);
	else
		result_set(result, outcome,
		        "this engine lets the guest pass; a real processor does not: rule %s is "
		        "violated",
		        rule);
}

void
judge_enter(const struct test_case *test, struct guest_outcome *guest)
{
	if (test->expectation == EXPECT_ACCEPTED)
		guest_try_checks(guest);
	else if (test->own_timer)
		guest_run_with_own_timer(guest);
	else
		guest_run(guest, test->limit_ticks);
}

/* Has the part left in its fields what they had to hold? */
static bool
wrote_only_values(const struct verdict_input *input)
{
	const struct part *part = input->part;
	uint64_t value;

	for (size_t i = 0; i < part->field_count; i++)
		if (vmx->read(part->fields[i], &value) != VMX_SUCCEED ||
		        value != input->only_values[i])
			return false;
	return true;
}

/* The rules that the part's state breaks.  Usually it is the one that was judged before. */
static bool
judge_state(const struct verdict_input *input, struct case_result *result)
{
	bool engine_lets_pass;

	if (!wrote_only_values(input)) {
		result->rule_count =
		        judge_rules(input->part, NULL, result->rules, &engine_lets_pass);
		return engine_lets_pass;
	}
	result->rule_count = input->broken_rule_count;
	memcpy(result->rules, input->broken_rules, sizeof(result->rules));
	return input->engine_lets_broken_pass;
}

/* The part said ENTER. */
static void
judge_entry(const struct verdict_input *input, struct case_result *result)
{
	struct guest_outcome *guest = &result->guest;

	/* It would start what a processor refuses, and may come to grief on it. */
	if (judge_state(input, result)) {
		explain_failed_entry(input, result);
		return;
	}
	if (!result->rule_count && input->test->expectation != EXPECT_ACCEPTED &&
	        guest_sleeps_for_ever()) {
		result_set(result, OUTCOME_GUEST_FAILED, GUEST_SLEEPS_FOR_EVER);
		return;
	}
	result->guest_ran = true;
	judge_enter(input->test, guest);
	if (guest->end == GUEST_KEPT_OUT) {
		result->guest_ran = false;
		result_set(result, OUTCOME_WRONG_STATE, LINKED_VMCS_KEPT_OUT);
	} else if (guest->end == GUEST_VMFAIL) {
		result_set(result, OUTCOME_VMFAIL, "VMLAUNCH failed: %s",
		        guest->error_number ? vm_instruction_error_name(guest->error_number)
		                            : "VMfailInvalid");
	} else if ((guest->end == GUEST_ENTRY_FAILED &&
	                   !judge_ended_as_expected(input->test, guest)) ||
	           result->rule_count) {
		explain_failed_entry(input, result);
	} else if (input->broken_rule_count) {
		result_set(result, OUTCOME_MISSED_REFUSAL,
		        "the guest was entered in a state other than the one it asked for, which "
		        "cannot be entered: REFUSE was right");
		add_probable_cause(input, result);
	} else {
		judge_end(input, result);
	}
}

/* The part refused rightly; show by a real entry that the processor does so too. */
static void
prove_refusal(const struct verdict_input *input, struct case_result *result)
{
	struct guest_outcome proof;

	result_set(result, OUTCOME_PASSED, "as expected");
	if (input->engine_lets_broken_pass)
		return;
	/* A field that this processor lacks cannot be written, and needs not be. */
	for (size_t i = 0; i < input->part->field_count; i++)
		vmx->write(input->part->fields[i], input->only_values[i]);
	guest_try_entry(&proof);
	if (proof.end == GUEST_ENTRY_FAILED && proof.reason == EXIT_REASON_INVALID_GUEST_STATE)
		return;
	result->guest = proof;
	result->guest_ran = true;
	result_set(result, OUTCOME_HARNESS,
	        "rule %s says that this guest cannot be entered, but the processor entered it",
	        input->broken_rules[0].rule->id);
}

static void
judge_refusal(const struct verdict_input *input, struct case_result *result)
{
	if (!input->broken_rule_count) {
		result_set(result, OUTCOME_WRONG_REFUSAL,
		        "your function returned REFUSE, but this processor can enter this guest");
		return;
	}
	prove_refusal(input, result);
	if (result->outcome == OUTCOME_PASSED && !input->twin_passed)
		result_set(result, OUTCOME_TWIN_FAILED,
		        "the refusal is right, but earns its points only together with case %s, "
		        "its legal twin, which was not entered",
		        input->test->twin);
}

void
judge_case(const struct verdict_input *input, struct case_result *result)
{
	describe_expectation(input, result->expected, sizeof(result->expected));
	if (judge_misbehaviour(&result->log, result))
		return;
	switch (result->log.returned) {
	case UNWRITTEN:
		result_set(result, OUTCOME_NOT_WRITTEN,
		        "your function returned UNWRITTEN: there is nothing to enter yet");
		break;
	case ENTER: judge_entry(input, result); break;
	case REFUSE: judge_refusal(input, result); break;
	default:
		result_set(result, OUTCOME_LAB_GARBAGE,
		        "your function returned %#lx, which is neither ENTER nor REFUSE: is a "
		        "return missing?",
		        result->log.returned);
		break;
	}
}
