/* One attempt at an exercise: the state before and after the part ran, and what it changed. */
#pragma once

#include "exercise.h"
#include "grade/judge.h"
#include "grade/result.h"
#include "rules/rules.h"

struct attempt {
	const struct test_case *test;
	const struct exercise *exercise;
	const struct rule *rule;
	const struct part *part;
	size_t field_count;
	uint32_t fields[MAX_ALL_FIELDS];
	uint64_t given[MAX_ALL_FIELDS]; /* as the part found it */
	uint64_t left[MAX_ALL_FIELDS];  /* as the part left it */
	size_t changed_count;           /* fields that are not as they were given */
	/* enum field_state of each: what became of the changes. */
	char states[MAX_ALL_FIELDS + 1];
};

/* Decide what a part of either kind has earned, and fill attempt->states.  *result has its log, and how
 * the given state's entry failed. */
void judge_diagnosis(struct attempt *attempt, struct case_result *result);
void judge_break(struct attempt *attempt, struct case_result *result);

/* Set the state of every field that was changed; all others make no difference. */
void mark_changes(struct attempt *attempt, enum field_state state);

/* Add to the message, after a colon, which changes are marked wrong. */
void name_wrong_changes(const struct attempt *attempt, struct case_result *result);

/* How many fields were changed beyond the smallest number. */
unsigned needless_changes(const struct attempt *attempt);

/* Did the entry fail as the attempt's rule says? */
bool failed_as_rule_says(const struct attempt *attempt, const struct guest_outcome *guest);

/* Add to the message why the state as it was given, or as it was left, does not break the rule. */
enum moment { AS_GIVEN, AS_LEFT };
void explain_why_rule_holds(const struct attempt *attempt, const struct rule *rule,
        enum moment moment, struct case_result *result);
