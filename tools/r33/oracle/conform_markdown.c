/* docs/engines.md: rule by rule what the versions of an engine make of it, side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "conform.h"

enum { SHORT_LIST = 3, SIGN_BYTES = 8 };

static const char preface[] =
        "# Engines: where they follow the SDM, and where they do not\n"
        "\n"
        "Made by `make docs` from real entries: for every rule, states that break only it\n"
        "and their legal neighbours (`tests/rules/`) are entered on each VMX-capable\n"
        "processor model of the installed Bochs. The results of each version are kept in\n"
        "`docs/engines/`; `make test` enters the states again on the installed version, and\n"
        "an answer that changes fails the test.\n"
        "\n"
        "| sign | meaning |\n"
        "| --- | --- |\n"
        "| = | as the SDM says |\n"
        "| + | lenient: a state that breaks the rule is entered, or fails in another way |\n"
        "| ! | strict: a legal state is refused |\n"
        "| q | fails as it should, but with another exit qualification |\n"
        "| . | cannot be posed: no state of any model breaks the rule alone |\n"
        "| ? | not tried yet: the results are older than the rule |\n"
        "\n"
        "A sign without a model holds for all of them; with models, the others cannot be\n"
        "made to break the rule, or have another sign. \"from\" refers to the order of the\n"
        "models below.\n"
        "\n"
        "Where an engine is lenient, `kernel/rules/` is the judge: a lab's case that enters\n"
        "such a state loses its points, and the report says that Bochs lets it pass and a\n"
        "processor does not.\n"
        "\n"
        "`make conform` and `make fuzz` are Bochs' business. QEMU's own emulation (TCG) has no\n"
        "VMX: the kernel performs it on top of AMD-V (`kernel/vmx/svm/`), and on that engine\n"
        "the rules are the processor. They refuse an entry, so there is nothing to compare\n"
        "them with; guests that they let pass really run. What labs cannot show there is in\n"
        "[engine-differences.md](engine-differences.md). Under KVM on Intel, QEMU has the\n"
        "processor's own VMX, which has not been tried yet.\n";

static void
list_models(FILE *out, const struct conform_results *results, const bool *wanted, bool is)
{
	const char *separator = " ";

	for (unsigned i = 0; i < results->count; i++) {
		if (wanted[i] != is)
			continue;
		fprintf(out, "%s%s", separator, results->models[i].name);
		separator = ", ";
	}
}

/* Where a sign holds: nothing for everywhere, "from A", "A, B", "not on A". */
static void
write_place(FILE *out, const struct conform_results *results, const bool *holds)
{
	unsigned first = 0, number = 0, changes = 0;

	for (unsigned i = results->count; i-- > 0;) {
		first = holds[i] ? i : first;
		number += holds[i];
		changes += i + 1 < results->count && holds[i] != holds[i + 1];
	}
	if (number == results->count)
		return;
	if (number > 1 && changes == 1 && holds[results->count - 1]) {
		fprintf(out, " from %s", results->models[first].name);
	} else if (number > SHORT_LIST && 2 * number > results->count) {
		fputs(" not on", out);
		list_models(out, results, holds, false);
	} else {
		list_models(out, results, holds, true);
	}
}

/* "= from corei5_arrandale_m520; + tigerlake" */
static void
write_cell(FILE *out, const struct conform_results *results, unsigned rule)
{
	char done[CONFORM_MODELS][SIGN_BYTES];
	bool holds[CONFORM_MODELS], any = false;

	for (unsigned i = 0; i < results->count; i++) {
		bool seen = results->models[i].found[rule] == 0;

		snprintf(done[i], SIGN_BYTES, "%s", conform_sign(results->models[i].found[rule]));
		for (unsigned j = 0; j < i; j++)
			seen |= strcmp(done[j], done[i]) == 0;
		if (seen)
			continue;
		for (unsigned j = 0; j < results->count; j++)
			holds[j] = results->models[j].found[rule] == results->models[i].found[rule];
		fprintf(out, "%s%s", any ? "; " : "", done[i]);
		write_place(out, results, holds);
		any = true;
	}
	fputs(any ? " |" : ". |", out);
}

/* All that any model has shown. */
static unsigned
over_all(const struct conform_results *results, unsigned rule)
{
	unsigned found = 0;

	for (unsigned i = 0; i < results->count; i++)
		found |= results->models[i].found[rule];
	return found;
}

static void
write_heading(FILE *out, const char *first, const struct conform_results *results, unsigned count)
{
	fprintf(out, "\n| %s |", first);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, " %s |", results[i].engine);
	fprintf(out, "\n| --- |");
	for (unsigned i = 0; i < count; i++)
		fprintf(out, " --- |");
	fputc('\n', out);
}

/* How many rules are what, by an engine's models together. */
struct tally {
	unsigned all, agree, deviate, unposed, untried;
};

static void
count_rule(struct tally *tally, unsigned found)
{
	tally->all++;
	tally->unposed += found == 0;
	tally->untried += found == CONFORM_UNTRIED;
	tally->agree += found == CONFORM_POSED;
	tally->deviate += (found & ~(unsigned)(CONFORM_POSED | CONFORM_UNTRIED)) != 0;
}

static struct tally
count_rules(const struct conform_results *results, unsigned count)
{
	struct tally tally = { 0 };

	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			unsigned found = 0;

			for (unsigned j = 0; j < count; j++)
				found |= over_all(&results[j], rule_index(&(*group)->rules[i]));
			count_rule(&tally, found);
		}
	}
	return tally;
}

static void
write_summary(FILE *out, const struct conform_results *results, unsigned count)
{
	struct tally together = count_rules(results, count);

	fprintf(out, "\n## In short\n\n| | rules entered | of them all as the SDM says | with a "
	             "deviation | cannot be posed | models, oldest first (states entered) |\n"
	             "| --- | ---: | ---: | ---: | ---: | --- |\n");
	for (unsigned i = 0; i < count; i++) {
		struct tally tally = count_rules(&results[i], 1);

		fprintf(out, "| %s | %u | %u | %u | %u |", results[i].engine,
		        tally.agree + tally.deviate, tally.agree, tally.deviate, tally.unposed);
		for (unsigned j = 0; j < results[i].count; j++)
			fprintf(out, "%s %s (%u)", j ? "," : "", results[i].models[j].name,
			        results[i].models[j].states);
		fputs(" |\n", out);
	}
	fprintf(out,
	        "\nOf %u rules %u have been proven by real entries on some model of some "
	        "version.\n",
	        together.all, together.all - together.unposed - together.untried);
}

static void
write_group(FILE *out, const struct rule_group *group, const struct conform_results *results,
        unsigned count, const char **section)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct rule *rule = &group->rules[i];

		if (!*section || strcmp(*section, rule->section) != 0) {
			*section = rule->section;
			fprintf(out, "\n## SDM 3C %s\n", *section);
			write_heading(out, "rule", results, count);
		}
		fprintf(out, "| %s |", rule->id);
		for (unsigned j = 0; j < count; j++) {
			fputc(' ', out);
			write_cell(out, &results[j], rule_index(rule));
		}
		fputc('\n', out);
	}
}

/* The measured version that an engine is; BOCHS_NONE: none. */
static enum bochs_version
version_of(const struct conform_results *results)
{
	const char *space = strrchr(results->engine, ' ');

	return space ? bochs_version_find(space + 1) : BOCHS_NONE;
}

/* How the engine deviates from the rule, or why it cannot be posed; "" where there is nothing to say. */
static const char *
detail_of(const struct conform_results *results, const struct rule *rule, bool deviation)
{
	enum bochs_version version = version_of(results);
	unsigned number = rule_index(rule), found = over_all(results, number);
	const char *reason = results->models[0].reasons[number];

	if (deviation)
		return found & ~(unsigned)(CONFORM_POSED | CONFORM_UNTRIED) &&
		                       version < BOCHS_VERSIONS && rule->bochs_detail[version]
		               ? rule->bochs_detail[version]
		               : "";
	return found || !reason ? "" : reason;
}

/* One text when all engines have the same. */
static void
write_details(FILE *out, const struct rule *rule, const struct conform_results *results,
        unsigned count, bool deviation)
{
	bool any = false;

	for (unsigned i = 0; i < count; i++)
		any |= *detail_of(&results[i], rule, deviation) != '\0';
	if (!any)
		return;
	fprintf(out, "| %s |", rule->id);
	for (unsigned i = 0; i < count; i++) {
		const char *detail = detail_of(&results[i], rule, deviation);
		bool again = i > 0 && *detail &&
		             strcmp(detail, detail_of(&results[i - 1], rule, deviation)) == 0;

		fprintf(out, " %s |", again ? "the same" : detail);
	}
	fputc('\n', out);
}

static void
write_all_details(FILE *out, const struct conform_results *results, unsigned count, bool deviation)
{
	write_heading(out, "rule", results, count);
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		for (size_t i = 0; i < (*group)->count; i++)
			write_details(out, &(*group)->rules[i], results, count, deviation);
}

void
conform_write_markdown(FILE *out, const struct conform_results *results, unsigned count)
{
	const char *section = NULL;

	fputs(preface, out);
	write_summary(out, results, count);
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		write_group(out, *group, results, count, &section);
	fputs("\n## How they deviate\n", out);
	write_all_details(out, results, count, true);
	fputs("\n## What cannot be posed, and why\n\n"
	      "Reasons that hold on no model of the version.\n",
	        out);
	write_all_details(out, results, count, false);
}
