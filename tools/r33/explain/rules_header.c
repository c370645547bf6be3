/* labs/include/r33/rules.h: the rules as names that lab code can return. */
#include <ctype.h>
#include <string.h>

#include "rules_print.h"

static const char introduction[] =
        "/*\n"
        " * Names for the rules of VM entry, as lab 8 asks for them: RULE_CR0_FIXED0 is "
        "CR0-FIXED0.\n"
        " * `r33 rules` lists them, `r33 rules CR0-FIXED0` and docs/rules.md say what each "
        "demands.\n"
        " *\n"
        " * Generated from kernel/rules/ by `make docs`; do not edit.\n"
        " */\n"
        "#pragma once\n"
        "\n"
        "enum rule_name {\n"
        "\tRULE_NONE = 0, /* the skeleton: no rule has been named yet */\n";

/* "\tRULE_CR0_FIXED0" */
static void
write_name(FILE *out, const char *id)
{
	fputs("\tRULE_", out);
	for (; *id; id++)
		fputc(*id == '-' ? '_' : toupper((unsigned char)*id), out);
}

void
rules_header(FILE *out)
{
	const char *section = NULL;

	fputs(introduction, out);
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			const struct rule *rule = &(*group)->rules[i];

			if (!section || strcmp(section, rule->section) != 0)
				fprintf(out, "\n\t/* SDM 3C %s */\n", rule->section);
			section = rule->section;
			write_name(out, rule->id);
			fprintf(out, " = %u,\n", rule_number(rule));
		}
	}
	fputs("};\n", out);
}
