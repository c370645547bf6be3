/*
 * Cases that prove a rule on a processor: a state that breaks exactly this rule, and its twin, a
 * neighbour on the legal side.  Both are given as changes of a base (tools/r33/state/bases.c).
 *
 * `r33 conform` enters them; where the processor cannot pose a case (the base or a control does not
 * exist there, or another rule would be broken as well), it says why.
 */
#pragma once

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/msr.h>

#include "change.h"
#include "rules/batch.h"
#include "state/bases.h"

/* Cases name what they have; the rest of them is empty. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define MEMORY(address) (BATCH_TARGET_MEMORY | (uint32_t)((address) - BATCH_MEMORY))

enum { CASE_CHANGES = 8 };

struct rule_case {
	const char *rule;
	const char *base;
	struct change broken[CASE_CHANGES]; /* empty: only the twin is posed */
	struct change twin[CASE_CHANGES];   /* empty: the base itself */
	const char *twin_base;              /* NULL: the same */
	/* For values that depend on the processor: changes both after the lists were applied. */
	void (*adjust)(
	        struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities);
};

struct rule_case_group {
	const struct rule_case *cases;
	size_t count;
};

extern const struct rule_case_group register_cases;
extern const struct rule_case_group segment_cases;
extern const struct rule_case_group system_segment_cases;
extern const struct rule_case_group non_register_cases;
extern const struct rule_case_group memory_cases;
extern const struct rule_case_group control_cases;

/* All of them; NULL ends the list. */
extern const struct rule_case_group *const rule_case_groups[];

#define CASE_GROUP(array) { array, COUNT(array) }
