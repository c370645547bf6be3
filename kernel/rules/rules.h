/*
 * The rules of VM entry: a table of small pure functions over a field reader and a capability
 * record (SDM 3C 27.2.1, 27.3.1 and 27.4).
 *
 * No kernel and no libc: the kernel links it to explain failed entries, the host tool to explain
 * anybody's dump, the fuzzer to compare it with a processor.  Rules are for processors with
 * Intel 64.  docs/rules.md is made from the same table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/capabilities.h"

/* Where the values come from. */
struct rule_input {
	/* Value of a VMCS field.  False: not known; then the rules that need it are unknown. */
	bool (*read)(void *context, uint32_t field, uint64_t *value);
	/* The same for many fields at once (all have names in vmcs_fields.h), or NULL: for those who
	 * judge millions of states. */
	void (*read_many)(void *context, const uint32_t *fields, unsigned count, uint64_t *values,
	        bool *known);
	/* The 8 bytes of physical memory at an address that is a multiple of 8: for the VMCS that the
	 * link pointer names, for PDPTEs (guest-physical is host-physical there: no EPT) and for the
	 * MSR-load area.  False, or NULL instead of the function: not known. */
	bool (*read_memory)(void *context, uint64_t address, uint64_t *value);
	void *context;
	const struct capabilities *capabilities;
	bool current_vmcs_known;
	uint64_t current_vmcs; /* the current-VMCS pointer */
	/* Conditions (bits 1 << enum rule_condition) that the caller knows although the fields do not
	 * tell. */
	uint64_t assume_true;
	uint64_t assume_false;
};

/* What a violated rule makes of the entry. */
enum rule_outcome {
	INVALID_GUEST_STATE, /* exit reason 33 */
	MSR_LOAD_FAILS,      /* exit reason 34; the qualification is the entry's number, from 1 */
	VMFAIL_CONTROL,      /* VMfailValid, VM-instruction error 7 */
	ENGINE_PANICS, /* of rules_of_bochs only: unless another is violated, the engine dies */
	RULE_OUTCOME_COUNT
};

/* The versions of Bochs that have been measured: the rows' order in rule->bochs and rule->bochs_detail.
 * BOCHS_NONE: none of them, but a processor, which does as the SDM says. */
enum bochs_version { BOCHS_2_7, BOCHS_3_0, BOCHS_VERSIONS, BOCHS_NONE = BOCHS_VERSIONS };

/* A rule's answers, by version: in all of them, or in one. */
#define IN_ALL(answer) { [BOCHS_2_7] = (answer), [BOCHS_3_0] = (answer) }
#define IN_2_7(answer) { [BOCHS_2_7] = (answer) }
#define IN_3_0(answer) { [BOCHS_3_0] = (answer) }

/* How a version answers. */
enum bochs_answer {
	BOCHS_AGREES,
	BOCHS_LETS_PASS, /* never checked */
	BOCHS_DIFFERS,   /* checked with another condition: bochs_lets_pass() has it */
	BOCHS_CANNOT,    /* no model can be brought to break this rule alone */
};

struct rule_state;

struct rule {
	/* The rule applies when all conditions of `when` hold and none of `unless`: bits
	 * 1 << enum rule_condition. */
	uint64_t when, unless;
	/* The bits of the field that break the rule; 0 when it holds. */
	uint64_t (*offending)(struct rule_state *state, unsigned index);
	uint8_t field;   /* the field at fault: enum rule_field */
	uint8_t also[4]; /* other fields the function looks at; 0 ends the list */
	uint8_t index;   /* handed to the function: the segment register, the byte, ... */
	/* Not 0: one check for each of that many fields, `field` and the next ones (index counts from
	 * 0); REPEAT_MSR_LOAD: for each entry of the MSR-load area. */
	uint8_t repeat;
	uint8_t outcome;               /* enum rule_outcome */
	uint8_t qualification;         /* of exit reason 33 */
	uint8_t bochs[BOCHS_VERSIONS]; /* enum bochs_answer */
	bool looks_outside;            /* at memory, or at the current-VMCS pointer */
	uint32_t needs; /* what it takes from the processor: bits 1 << enum capability */
	/* In a state that violates this rule alone: does a Bochs that DIFFERS enter all the
	 * same? */
	bool (*bochs_lets_pass)(struct rule_state *state, unsigned index);
	const char *id;          /* stable: reports, docs and scripts use it */
	const char *section;     /* number and title in the SDM */
	const char *message;     /* what is wrong, without the value */
	const char *legal;       /* what would be right */
	const char *explanation; /* why there is such a rule.  NULL in the kernel: RULE_TEXT */
	const char *symptom;     /* what you will see.  NULL in the kernel */
	const char *hint;        /* how people usually get here */
	/* How the version deviates.  NULL in the kernel, and when it does not. */
	const char *bochs_detail[BOCHS_VERSIONS];
};

#define REPEAT_MSR_LOAD 255

/* Long texts stay out of the kernel, whose size costs every student time at every boot. */
#ifdef RULES_WITHOUT_TEXTS
#define RULE_TEXT(text) NULL
#else
#define RULE_TEXT(text) text
#endif

struct rule_violation {
	const struct rule *rule;
	unsigned index;     /* which of a repeated rule's fields or MSR-load entries, from 0 */
	uint32_t field;     /* encoding of the field at fault */
	uint64_t value;     /* of the field, or of what is in memory */
	uint64_t offending; /* its bits at fault */
};

/* Most violations that can exist at once, but for those in an MSR-load area. */
#define RULES_MAX 320

/* All violated rules, in the order of the table; returns their number, stores at most maximum. */
size_t rules_check(
        const struct rule_input *input, struct rule_violation *violations, size_t maximum);

/* The rules that the known fields do not decide; returns their number, stores at most maximum. */
size_t rules_unknown(const struct rule_input *input, const struct rule **unknown, size_t maximum);

/* The exit qualification that a processor reports for this violation. */
uint64_t rule_qualification(const struct rule_violation *violation);

/* What this version of Bochs makes of the state: the violations it sees, those that no processor would
 * see among them (their rules are in rules_of_bochs).  Its qualification is always 0 for NMIs
 * under STI blocking.  BOCHS_NONE: the same as rules_check(). */
size_t rules_check_as_bochs(const struct rule_input *input, enum bochs_version version,
        struct rule_violation *violations, size_t maximum);

/* The table, in groups of one file each; NULL ends it. */
struct rule_group {
	const struct rule *rules;
	size_t count;
};
extern const struct rule_group *const rule_groups[];

/* Checks that only Bochs makes, all versions but those that "let pass". */
extern const struct rule_group rules_of_bochs;

/* "2.7" */
const char *bochs_version_name(enum bochs_version version);

/* The measured version with this name, or BOCHS_NONE. */
enum bochs_version bochs_version_find(const char *name);

/* The rule with this identifier, or NULL. */
const struct rule *rule_find(const char *id);

/* The rule's place in the table, from 0; for one that is not in it, the number of all.  It changes when rules are
 * added: for arrays of one run. */
unsigned rule_index(const struct rule *rule);

/* The rule's number in enum rule_name of <r33/rules.h>, which never changes; 0 for a rule without one. */
#define RULE_NUMBER_FIRST 256
unsigned rule_number(const struct rule *rule);

/* The rule that has this number, or NULL. */
const struct rule *rule_of_number(uint64_t number);

/* Why the rule does not apply to this state: a condition that does not hold, or, for those that must
 * not, holds (*holds); RULE_CONDITION_NONE when it applies or that is not known. */
#define RULE_CONDITION_NONE (~0u)
unsigned rule_unmet_condition(const struct rule_input *input, const struct rule *rule, bool *holds);

/* The encoding of the rule's field number index (0 but for repeated rules), or of also[i]. */
uint32_t rule_field_encoding(unsigned rule_field);

/* "the VM-entry control \"IA-32e mode guest\" is 1", and the same for 0. */
const char *rule_condition_text(unsigned condition, bool holds);

/* "GUEST_CR0"; NULL for an encoding without a name. */
const char *vmcs_field_name(uint32_t field);

/* The name of a bit, "NE" for bit 5 of GUEST_CR0; NULL for one without a name.  The kernel has no
 * names for the bits of control fields. */
const char *vmcs_field_bit_name(uint32_t field, unsigned bit);

/* Texts, cut to size - 1 bytes and terminated; both return the length without the cut.
 * Bits by name: "DPL (bits 6:5), bits 11:8". */
size_t vmcs_field_name_bits(char *text, size_t size, uint32_t field, uint64_t bits);

/* A value in words: "type 11 (code, readable, accessed), S = 1, DPL 0, P, L, G"; "" for a plain
 * number. */
size_t vmcs_field_decode(char *text, size_t size, uint32_t field, uint64_t value);
