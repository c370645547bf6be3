/* docs/rules.md: a table of the rules for each section of the SDM, and what there is to say of them. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "base/wrap.h"
#include "explain.h"
#include "rules_print.h"

static const char introduction[] =
        "# The rules of VM entry\n"
        "\n"
        "Generated from `kernel/rules/` by `make docs`; do not edit. `r33 rules ID` prints\n"
        "one rule; `r33 explain` finds the violated ones in a dump.\n"
        "\n"
        "A processor checks the control fields and the host state first (VMfail), then the\n"
        "guest state (exit reason 33), and loads MSRs last (exit reason 34); within each it\n"
        "may check in any order. Identifiers are ours and stable; sections are those of the\n"
        "SDM, volume 3C ([sdm.md](sdm.md)). [engines.md](engines.md) shows how each engine\n"
        "answers each rule.\n"
        "\n";

/* Text for a cell of a table. */
static void
write_cell(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text == '\n' ? ' ' : *text, out);
	}
}

static void
write_row(FILE *out, const struct rule *rule)
{
	char *conditions = rule_conditions(rule), *failure = rule_failure(rule);
	char *fields = rule_fields(rule, "`");

	fprintf(out, "| `%s` | ", rule->id);
	write_cell(out, conditions ? conditions : "always");
	fputs(" | ", out);
	write_cell(out, rule->message);
	fputs(". Legal: ", out);
	write_cell(out, rule->legal);
	fprintf(out, " | %s | %s |\n", fields, failure);
	free(conditions);
	free(failure);
	free(fields);
}

/* The next rule of the table, in any group. */
struct position {
	size_t group, rule;
};

static const struct rule *
next_rule(struct position *position)
{
	for (; rule_groups[position->group]; position->group++, position->rule = 0) {
		if (position->rule < rule_groups[position->group]->count)
			return &rule_groups[position->group]->rules[position->rule++];
	}
	return NULL;
}

/* Say registers' families the same? */
static bool
same_texts(const struct rule *a, const struct rule *b)
{
	return strcmp(a->section, b->section) == 0 && strcmp(a->explanation, b->explanation) == 0 &&
	       strcmp(a->symptom, b->symptom) == 0 && strcmp(a->hint, b->hint) == 0;
}

/* The texts of a rule and of all that share them, unless an earlier rule has them. */
static void
write_texts(FILE *out, const struct rule *rule)
{
	struct position position = { 0 };
	char *names = NULL;
	char *text;

	for (const struct rule *other; (other = next_rule(&position));) {
		char *longer;

		if (!same_texts(rule, other))
			continue;
		if (!names && other != rule)
			return;
		longer = new_string("%s%s%s", names ? names : "", names ? ", " : "", other->id);
		free(names);
		names = longer;
	}
	text = new_string(
	        "**%s.** %s %s Usually: %s.", names, rule->explanation, rule->symptom, rule->hint);
	write_paragraph(out, 0, text);
	fputc('\n', out);
	free(names);
	free(text);
}

static void
write_section(FILE *out, const char *section)
{
	struct position position = { 0 };

	fprintf(out,
	        "## %s\n\n| rule | applies when | violated when | fields | fails with |\n"
	        "| --- | --- | --- | --- | --- |\n",
	        section);
	for (const struct rule *rule; (rule = next_rule(&position));) {
		if (strcmp(rule->section, section) == 0)
			write_row(out, rule);
	}
	fputc('\n', out);
	position = (struct position){ 0 };
	for (const struct rule *rule; (rule = next_rule(&position));) {
		if (strcmp(rule->section, section) == 0)
			write_texts(out, rule);
	}
}

/* Is it the first rule of its section? */
static bool
begins_section(const struct rule *rule)
{
	struct position position = { 0 };

	for (const struct rule *other; (other = next_rule(&position));) {
		if (strcmp(rule->section, other->section) == 0)
			return other == rule;
	}
	return false;
}

void
rules_markdown(FILE *out)
{
	struct position position = { 0 };

	fputs(introduction, out);
	for (const struct rule *rule; (rule = next_rule(&position));) {
		if (begins_section(rule))
			write_section(out, rule->section);
	}
}
