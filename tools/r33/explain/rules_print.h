/* The rules themselves, for people and programs. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "rules/rules.h"

/* "exit reason 33, qualification 4". */
char *rule_failure(const struct rule *rule);

/* The fields that a rule looks at, the one at fault first, with `mark` around each name. */
char *rule_fields(const struct rule *rule, const char *mark);

/* What it takes from the processor, "IA32_VMX_MISC"; NULL: nothing. */
char *rule_needs(const struct rule *rule);

/* How a version of Bochs answers: "agrees". */
const char *rule_bochs(const struct rule *rule, enum bochs_version version);

/* All that there is to say about a rule. */
void rule_print(FILE *out, const struct rule *rule);
json_t *rule_json(const struct rule *rule);

/* docs/rules.md. */
void rules_markdown(FILE *out);

/* labs/include/r33/rules.h. */
void rules_header(FILE *out);
