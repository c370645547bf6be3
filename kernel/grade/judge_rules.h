/* The rules, applied to the state that a part made, or to values instead. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/parts.h"
#include "rules/rules.h"

/* The rules that the current VMCS breaks, at most MAX_RULE_VIOLATIONS; values: of the part's fields,
 * to be judged instead of what the VMCS holds there (NULL: the VMCS's).  *engine_lets_pass: the engine
 * is a Bochs (vmx/deviations.h) that would not refuse it; on a processor never.  A rule that looked at
 * memory shows the field instead: no report tells a lab what is at an address that it chose. */
size_t judge_rules(const struct part *part, const uint64_t *values,
        struct rule_violation *violations, bool *engine_lets_pass);
