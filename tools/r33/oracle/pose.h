/* Rule cases (tests/rules/) made into states for one processor. */
#pragma once

#include "../../../tests/rules/rule_case.h"

enum { POSE_REASON_BYTES = 160 };

/* One case on one processor. */
struct posed_case {
	const struct rule_case *test;
	const struct rule *rule;
	unsigned base, twin_base;
	struct vmcs broken, twin;
	bool has_broken, has_twin;      /* they can be entered, and are what the case says */
	char reason[POSE_REASON_BYTES]; /* why there is no broken state here */
};

/* Make the case's states for the processor of this Bochs.  False when the case itself is wrong: its broken state
 * violates nothing, or its twin something; then reason says what. */
bool pose(const struct rule_case *test, const struct capabilities *capabilities,
        enum bochs_version version, struct posed_case *posed);
