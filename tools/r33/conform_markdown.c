/* docs/engines.md: rule by rule, model by model, what Bochs makes of it. */
#include <string.h>

#include "conform.h"

static const char preface[] =
        "# Engines: where they follow the SDM, and where not\n"
        "\n"
        "Made by `make docs` from real entries: for every rule states that break it alone, and "
        "legal\n"
        "neighbours of them (`tests/rules/`), entered on Bochs 2.7. `make test` enters them again; "
        "an\n"
        "answer that changes fails the test.\n"
        "\n"
        "| sign | meaning |\n"
        "| --- | --- |\n"
        "| = | as the SDM says |\n"
        "| + | lenient: a state that breaks the rule is entered, or fails in another way |\n"
        "| ! | strict: a legal state is refused |\n"
        "| q | fails rightly, with another exit qualification |\n"
        "| . | cannot be posed: no state of this model breaks the rule alone |\n"
        "\n"
        "Where an engine is lenient, `kernel/rules/` is the judge: a lab's case that enters such a "
        "state\n"
        "loses its points, and the report says that Bochs lets it pass and a processor does not.\n"
        "\n"
        "QEMU's own emulation (TCG) has no VMX: nothing can be posed there. Under KVM on Intel, "
        "QEMU\n"
        "has the processor's own, which has not been tried yet.\n";

static void
write_sign(FILE *out, unsigned found)
{
	fprintf(out, " %s%s%s%s%s |", found & CONFORM_LENIENT ? "+" : "",
	        found & CONFORM_STRICT ? "!" : "", found & CONFORM_QUALIFICATION ? "q" : "",
	        found == CONFORM_POSED ? "=" : "", found == 0 ? "." : "");
}

/* One sign for the whole row, for those who only want to know whether there is something. */
static unsigned
over_all(const struct conform_model *models, unsigned count, unsigned rule)
{
	unsigned found = 0;

	for (unsigned i = 0; i < count; i++)
		found |= models[i].found[rule];
	return found;
}

static void
write_heading(FILE *out, const struct conform_model *models, unsigned count)
{
	fprintf(out, "\n| rule |");
	for (unsigned i = 0; i < count; i++)
		fprintf(out, " %s |", models[i].name);
	fprintf(out, "\n| --- |");
	for (unsigned i = 0; i < count; i++)
		fprintf(out, " --- |");
	fputc('\n', out);
}

static void
write_group(FILE *out, const struct rule_group *group, const struct conform_model *models,
        unsigned count, const char **section)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct rule *rule = &group->rules[i];
		unsigned number = rule_number(rule);

		if (!*section || strcmp(*section, rule->section) != 0) {
			*section = rule->section;
			fprintf(out, "\n## SDM 3C %s\n", *section);
			write_heading(out, models, count);
		}
		fprintf(out, "| %s |", rule->id);
		for (unsigned model = 0; model < count; model++)
			write_sign(out, models[model].found[number]);
		fputc('\n', out);
	}
}

static void
write_deviations(FILE *out, const struct conform_model *models, unsigned count)
{
	fprintf(out, "\n## How it deviates\n\n| rule | Bochs 2.7 |\n| --- | --- |\n");
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			const struct rule *rule = &(*group)->rules[i];
			unsigned found = over_all(models, count, rule_number(rule));

			if (found & ~(unsigned)CONFORM_POSED)
				fprintf(out, "| %s | %s |\n", rule->id,
				        rule->bochs_detail ? rule->bochs_detail : "");
		}
	}
}

static void
write_unposed(FILE *out, const struct conform_model *models, unsigned count)
{
	fprintf(out, "\n## What cannot be posed, and why\n\n"
	             "Reasons that hold on no model; `.` on some models only means that they lack "
	             "the control,\nthe feature or the field.\n\n| rule | why |\n| --- | --- |\n");
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			const struct rule *rule = &(*group)->rules[i];
			unsigned number = rule_number(rule);
			const char *reason = rule->bochs_detail ? rule->bochs_detail
			                                        : models[count - 1].reasons[number];

			if (!(over_all(models, count, number) & CONFORM_POSED))
				fprintf(out, "| %s | %s |\n", rule->id, reason ? reason : "");
		}
	}
}

void
conform_write_markdown(FILE *out, const struct conform_model *models, unsigned count)
{
	const char *section = NULL;

	fputs(preface, out);
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		write_group(out, *group, models, count, &section);
	write_deviations(out, models, count);
	write_unposed(out, models, count);
}
