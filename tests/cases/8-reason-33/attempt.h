/* One attempt at an exercise: the state before and after the part ran, and what it changed. */
#pragma once

#include "exercise.h"
#include "grade/judge.h"
#include "rules/rules.h"

enum { MOST_FIELDS = 96 }; /* that a part of this lab may write */

struct attempt {
	const struct test_case *test;
	const struct exercise *exercise;
	const struct rule *rule;
	const struct part *part;
	size_t field_count;
	uint32_t fields[MOST_FIELDS];
	uint64_t given[MOST_FIELDS]; /* as the part found it */
	uint64_t left[MOST_FIELDS];  /* as the part left it */
	size_t changed_count;        /* fields that are not as they were given */
};

/* Decide what a part of either kind has earned.  *result has its log, and how the given state's
 * entry failed. */
void judge_diagnosis(const struct attempt *attempt, struct case_result *result);
void judge_break(const struct attempt *attempt, struct case_result *result);

/* Add to the message which fields were changed that the smallest answer leaves alone. */
void name_needless_changes(const struct attempt *attempt, struct case_result *result);

/* How many fields were changed beyond the smallest number. */
unsigned needless_changes(const struct attempt *attempt);

/* Add to the message why the state as it was given, or as it was left, does not break the rule. */
enum moment { AS_GIVEN, AS_LEFT };
void explain_why_rule_holds(const struct attempt *attempt, const struct rule *rule,
        enum moment moment, struct case_result *result);
