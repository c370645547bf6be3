/*
 * What is wrong with the guest state in a dump, and what cannot be said about it.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dump/dump.h"
#include "rules/rules.h"
#include "state/caps.h"

/* Why a rule could not be judged. */
enum unknown_cause {
	CAUSE_FIELDS,     /* fields that are not in the dump */
	CAUSE_MEMORY,     /* memory that is not in the dump */
	CAUSE_GUEST_VIEW, /* CR0 and CR4 are those that the guest sees */
	CAUSE_CUT,        /* the value was cut to 32 bits */
	CAUSE_MIXTURE,    /* real mode that KVM ran in virtual-8086 mode */
	CAUSE_COUNT
};

enum { UNKNOWN_FIELDS = 12 };

/* A rule that could not be judged. */
struct unknown_rule {
	const struct rule *rule;
	enum unknown_cause cause;
	uint32_t fields[UNKNOWN_FIELDS]; /* that would be needed */
	int field_count;
};

/* How the entry ended, as the dump says. */
enum entry_end {
	END_UNKNOWN,
	END_GUEST_STATE,   /* exit reason 33 */
	END_MSR_LOADING,   /* exit reason 34 */
	END_OTHER_FAILURE, /* another exit reason with bit 31 */
	END_EXIT,          /* the entry succeeded, the exit came later */
	END_CONTROL,       /* VM-instruction error 7 */
	END_HOST_STATE,    /* VM-instruction error 8 */
	END_INSTRUCTION,   /* another error of VMLAUNCH or VMRESUME */
};

/* docs/explain-json.md has their words. */
enum verdict {
	VERDICT_INVALID_GUEST_STATE,
	VERDICT_MSR_LOAD_FAILS,
	VERDICT_INVALID_CONTROL,
	VERDICT_NOTHING_FOUND,
	VERDICT_NOT_A_FAILED_ENTRY,
	VERDICT_OTHER_FAILURE, /* one that is not explained by guest state */
	VERDICT_NOT_VMX,
	VERDICT_COUNT
};

enum { REMARK_LIMIT = 12 };

struct explanation {
	const struct dump *dump;
	const struct caps *caps;
	enum entry_end end;
	enum verdict verdict;
	char *headline;
	char *remarks[REMARK_LIMIT]; /* sentences on how all that fits together */
	int remark_count;

	struct rule_violation *violations; /* what the dump's exit reason speaks of comes first */
	size_t violation_count;
	size_t violated[RULE_OUTCOME_COUNT]; /* how many rules of each outcome */

	struct unknown_rule *unknown;
	size_t unknown_count;

	/* Rules that hold on the processor that offers most: violated on the one that offers least. */
	struct rule_violation *assumed;
	size_t assumed_count;
};

/* Judge a dump.  Dump and caps must outlive the explanation. */
void explain(struct explanation *explanation, const struct dump *dump, const struct caps *caps);
void explanation_free(struct explanation *explanation);

/* The word of a verdict, of an outcome, of a cause, of a format: stable. */
const char *verdict_word(enum verdict verdict);
const char *outcome_word(unsigned outcome);
const char *cause_word(enum unknown_cause cause);
const char *dump_format_word(enum dump_format format);

/* Some rules' identifiers, families shortened: "LINK-* (7), PKRS-HI"; all in full on request.  The
 * caller frees it. */
char *rule_names(const struct rule *const *rules, size_t count, bool in_full);

/* The line of the input where the field is, 0 if the dump lacks it. */
int explain_line(const struct dump *dump, uint32_t field);

/* The name of a field; never NULL. */
const char *explain_field_name(uint32_t field);

/* What the condition of a rule adds to it, "RFLAGS.VM is 0; ..."; NULL when it always applies.  The
 * caller frees it. */
char *rule_conditions(const struct rule *rule);

/* All that is known, for people or for programs. */
void explain_text(FILE *out, const struct explanation *explanation, bool all_rules);
json_t *explain_json(const struct explanation *explanation);
