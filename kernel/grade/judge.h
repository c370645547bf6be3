/* What became of a case, once the lab's part has run. */
#pragma once

#include "grade/case.h"
#include "grade/result.h"

/* What a case is judged by. */
struct verdict_input {
	const struct test_case *test;
	const struct guest *guest; /* complete */
	const struct judge *judge;
	const struct part *part;
	uint64_t only_values[MAX_PART_FIELDS];
	size_t broken_rule_count; /* by the only values: not 0 = the part must refuse */
	struct rule_violation broken_rules[MAX_RULE_VIOLATIONS];
	bool engine_lets_broken_pass; /* the only values, although they break rules */
	bool twin_passed;
};

/* Fill in what the processor must be expected to do with this guest: the reference parts have
 * filled all other fields of the current VMCS. */
void judge_prepare(struct verdict_input *input);

/* Decide; result->log holds what the lab's part did.  May enter the guest. */
void judge_case(const struct verdict_input *input, struct case_result *result);

/* Did the part fault, run out of time, or try what is not its own?  Then *result says so. */
bool judge_misbehaviour(const struct lab_log *log, struct case_result *result);

/* Did the guest come to the end that its case is about? */
bool judge_ended_as_expected(const struct test_case *test, const struct guest_outcome *guest);

/* Enter the guest as its case wants it. */
void judge_enter(const struct test_case *test, struct guest_outcome *guest);

/* *result says how a guest ended that was entered and did not come to that end. */
void judge_bad_end(const struct guest_outcome *guest, struct case_result *result);
