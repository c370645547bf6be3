/* r33 conform: prove the rules on an engine's processor models. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "conform.h"
#include "../../tests/rules/rule_case.h"
#include "save.h"
#include "util.h"

/* The models that differ in what they let a guest state be. */
static const char *const default_models[] = { "core2_penryn_t9600", "corei5_lynnfield_750",
	"corei5_arrandale_m520", "corei7_haswell_4770", "corei7_skylake_x", "corei7_icelake_u",
	"tigerlake" };

/* One line for each model. */
static void
summarize(const struct conform_model *model)
{
	unsigned agree = 0, deviate = 0, unposed = 0;

	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			unsigned found = model->found[rule_number(&(*group)->rules[i])];

			agree += found == CONFORM_POSED;
			deviate += (found & ~(unsigned)CONFORM_POSED) != 0;
			unposed += found == 0;
		}
	}
	printf("%-24s %4u states entered: %u rules as the SDM says, %u with the known deviation, "
	       "%u cannot be posed; %u surprises\n",
	        model->name, model->states, agree, deviate, unposed, model->surprises);
	fflush(stdout);
}

static bool
write_document(const char *path, const struct conform_model *models, unsigned count)
{
	struct save save;
	FILE *out = save_begin(&save, path);

	if (!out)
		return false;
	conform_write_markdown(out, models, count);
	return save_end(&save, !ferror(out));
}

/* r33 conform */
static int
run_conform(const struct options *options)
{
	bool all = !options->cpu_given && options->engine == &engine_bochs;
	unsigned count = all ? sizeof default_models / sizeof default_models[0] : 1;
	struct conform_model *models = allocate(count, sizeof *models);
	unsigned surprises = 0;
	bool good = rule_case_groups[0] != NULL;

	if (!good)
		complain("there are no rule cases in this tree: a handout does not have them");
	for (unsigned i = 0; good && i < count; i++) {
		models[i].name = all ? default_models[i] : options->cpu;
		good = conform_run(&models[i], options);
		if (good)
			summarize(&models[i]);
		surprises += models[i].surprises;
	}
	if (good && strcmp(options->outputs[0].path, "-") != 0)
		good = write_document(options->outputs[0].path, models, count);
	for (unsigned i = 0; i < count; i++)
		conform_free(&models[i]);
	free(models);
	if (!good)
		return EXIT_ENGINE_OR_FILE;
	return surprises ? EXIT_POINTS_LOST : EXIT_ALL_POINTS;
}

const struct command command_conform = {
	.name = "conform",
	.summary = "Prove the rules: enter states that break one rule each, and their legal twins.",
	.options = "ecToKr",
	.help = "Each state of tests/rules/ is entered on Bochs, on seven models or on the one of "
	        "--cpu.\n"
	        "A surprise is an answer that neither the SDM nor the engine's known deviations\n"
	        "explain; each is printed.  -o FILE writes the table of docs/engines.md.\n"
	        "\n"
	        "exit status: 0 no surprise, 1 surprises, 2 wrong usage, 3 the engine failed\n"
	        "\n"
	        "examples:\n"
	        "  r33 conform --cpu tigerlake\n"
	        "  r33 conform -o docs/engines.md\n",
	.run = run_conform,
};
