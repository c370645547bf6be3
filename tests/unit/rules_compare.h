/* The library against the oracle. */
#pragma once

#include <stddef.h>

#include "rules/rules.h"
#include "rules_oracle.h"

/* Violations of an MSR-load area of any size, and those of the other rules. */
enum { COMPARE_ROOM = 640 };

/* What a run has seen of each rule. */
struct coverage {
	unsigned long violated[CATALOGUE_SIZE];
	unsigned long held[CATALOGUE_SIZE]; /* it applied, and was not violated */
};

/* The rules' input for a state; in_smm is assumed. */
struct rule_input compare_input(
        const struct vmcs *state, const struct capabilities *processor, bool in_smm);

/* Judge the state twice.  NULL when library and oracle agree, or what differs (static). */
const char *compare(const struct vmcs *state, const struct capabilities *processor, bool in_smm,
        struct coverage *coverage);
