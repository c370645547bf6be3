/* r33 rules: the rules, one or all, for people, for programs, as docs/rules.md and as <r33/rules.h>. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "commands.h"
#include "explain/rules_print.h"

/* Belongs the rule to those asked for?  A name means one rule, a beginning of names all of them. */
static bool
is_wanted(const struct rule *rule, const char *name)
{
	if (!name)
		return true;
	if (rule_find(name))
		return strcmp(rule->id, name) == 0;
	return strncmp(rule->id, name, strlen(name)) == 0;
}

/* The rules asked for, in a line each or, when it is one, in full. */
static void
print_text(const char *name)
{
	const char *section = NULL;

	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			const struct rule *rule = &(*group)->rules[i];

			if (!is_wanted(rule, name))
				continue;
			if (name && rule_find(name)) {
				rule_print(stdout, rule);
				return;
			}
			if (!section || strcmp(section, rule->section) != 0)
				printf("%sSDM 3C %s\n", section ? "\n" : "", rule->section);
			section = rule->section;
			printf("  %-24s %s\n", rule->id, rule->message);
		}
	}
}

static void
print_json(const char *name)
{
	json_t *rules = json_array(), *report;

	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			if (is_wanted(&(*group)->rules[i], name))
				json_array_append_new(rules, rule_json(&(*group)->rules[i]));
		}
	}
	report = json_pack("{s:i, s:o}", "version", 1, "rules", rules);
	json_dumpf(report, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(report);
}

static bool
is_any_wanted(const char *name)
{
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			if (is_wanted(&(*group)->rules[i], name))
				return true;
		}
	}
	return false;
}

static int
run_rules(const struct command_options *options)
{
	const char *format = options->format ? options->format : "text";

	if (options->operand && !is_any_wanted(options->operand)) {
		complain("there is no rule '%s', and none whose name begins so; 'r33 rules' lists "
		         "them",
		        options->operand);
		return STATUS_USAGE;
	}
	if ((strcmp(format, "markdown") == 0 || strcmp(format, "header") == 0) &&
	        options->operand) {
		complain("--format %s is for all rules, not for '%s'", format, options->operand);
		return STATUS_USAGE;
	}
	if (strcmp(format, "markdown") == 0)
		rules_markdown(stdout);
	else if (strcmp(format, "header") == 0)
		rules_header(stdout);
	else if (strcmp(format, "json") == 0)
		print_json(options->operand);
	else
		print_text(options->operand);
	return flush_output() ? STATUS_ALL_POINTS : STATUS_ENGINE_OR_FILE;
}

const struct command command_rules = {
	.name = "rules",
	.summary = "Print the rules of VM entry, or everything about one of them.",
	.operand = "[ID]",
	.options = "Xr",
	.help = "examples:\n"
	        "  r33 rules\n"
	        "  r33 rules SEG-SS\n"
	        "  r33 rules SEG-SS-DPL-RPL\n"
	        "  r33 rules --format markdown >docs/rules.md\n"
	        "  r33 rules --format header >labs/include/r33/rules.h\n",
	.run = run_rules,
};
