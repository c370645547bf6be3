/*
 * The guest-state rules of VM entry: a table of small pure functions over a field reader and a
 * capability record.
 *
 * No kernel dependency: the kernel links it to explain failed entries and to know beforehand
 * which guests cannot be entered; host programs link it too.  SDM 3C, "Checks on the Guest State Area".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/capabilities.h"

/* Where the values come from. */
struct rule_input {
	/* Value of a VMCS field.  False: not known; then nothing is judged. */
	bool (*read)(void *context, uint32_t field, uint64_t *value);
	void *context;
	const struct capabilities *capabilities;
};

/* The values of the fields a rule looks at. */
struct rule_values {
	uint64_t cr0;
	uint64_t cr3;
	uint64_t cr4;
	uint64_t entry_controls;
	const struct capabilities *capabilities;
};

struct rule {
	const char *id;      /* stable: reports, docs and scripts use it */
	const char *section; /* number and title in the SDM */
	uint32_t field;      /* the field at fault */
	/* The bits of the field that break the rule; 0 when it holds or does not apply. */
	uint64_t (*offending)(const struct rule_values *values);
	const char *message;  /* what is wrong, without the value */
	const char *hint;     /* how people usually get here */
	bool bochs_lets_pass; /* Bochs 2.7 does not check this rule; a processor does */
};

struct rule_violation {
	const struct rule *rule;
	uint64_t value;     /* of rule->field */
	uint64_t offending; /* its bits at fault */
};

/* All violated rules, in the order of the table; returns their number, stores at most maximum. */
size_t rules_check(
        const struct rule_input *input, struct rule_violation *violations, size_t maximum);

/* The table, for documentation and tests. */
extern const struct rule control_register_rules[];
extern const size_t control_register_rule_count;

/* "GUEST_CR0"; NULL for an encoding without a name. */
const char *vmcs_field_name(uint32_t field);

/* The name of a bit of CR0 or CR4, "NE"; NULL for one without a name or for another field. */
const char *control_register_bit_name(uint32_t field, unsigned bit);
