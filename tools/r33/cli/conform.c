/* r33 conform: prove the rules on an engine's processor models. */
#include "oracle/conform.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../../tests/rules/rule_case.h"
#include "base/file.h"
#include "base/save.h"
#include "base/util.h"
#include "commands.h"
#include "machine/bochs.h"
#include "oracle/caps_engine.h"
#include "run/measured.h"

enum { MOST_ENGINES = 16, RESULTS_LIMIT = 1 << 20 };

/* One line for each model. */
static void
summarize(const struct conform_model *model)
{
	unsigned agree = 0, deviate = 0, unposed = 0;

	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			unsigned found = model->found[rule_index(&(*group)->rules[i])];

			agree += found == CONFORM_POSED;
			deviate += (found & ~(unsigned)CONFORM_POSED) != 0;
			unposed += found == 0;
		}
	}
	printf("%-24s %4u states entered: %u rules as the SDM says, %u with a known deviation, "
	       "%u cannot be posed; %u new deviations\n",
	        model->name, model->states, agree, deviate, unposed, model->deviations);
	fflush(stdout);
}

/* Enter all cases on one more model, unless it has no VMX.  False after a complaint. */
static bool
add_model(struct conform_results *results, const char *name, const struct command_options *options,
        bool may_be_unsuitable)
{
	struct conform_model *model = &results->models[results->count];
	bool unsuitable = false;
	bool good;

	model->name = copy_string(name);
	good = conform_run(
	        model, results->version, &options->run, may_be_unsuitable ? &unsuitable : NULL);
	if (unsuitable) {
		free(model->name);
		model->name = NULL;
		return true;
	}
	results->count++;
	if (good)
		summarize(model);
	return good;
}

/* All models that the installed Bochs has and that have VMX.  False after a complaint. */
static bool
add_all_models(struct conform_results *results, const struct command_options *options)
{
	char **models = bochs_models();
	bool good = models != NULL;

	if (!good)
		complain("bochs is not installed: install the package %s", engine_bochs.package);
	for (unsigned i = 0; good && models[i] && results->count < CONFORM_MODELS; i++)
		good = add_model(results, models[i], options, true);
	if (good && results->count == 0) {
		complain("no processor model of this Bochs has VMX");
		good = false;
	}
	bochs_models_free(models);
	return good;
}

static bool
write_results(const char *path, const struct conform_results *results)
{
	struct save save;
	FILE *out = save_begin(&save, path);

	if (!out)
		return false;
	conform_results_write(out, results);
	return save_end(&save, !ferror(out));
}

static int
enter_all(const struct command_options *options)
{
	struct conform_results results = { .models = allocate(
		                                   CONFORM_MODELS, sizeof(*results.models)) };
	char installed[ENGINE_VERSION_BYTES];
	unsigned deviations = 0;
	bool good = rule_case_groups[0] != NULL;

	if (!good)
		complain("this tree has no rule cases: a handout does not contain them");
	results.version = measured_ask(&options->run, installed);
	snprintf(results.engine, sizeof(results.engine), "%s %s",
	        options->run.engine == &engine_bochs ? "Bochs" : "QEMU", installed);
	if (good)
		good = !options->cpu_given && options->run.engine == &engine_bochs
		               ? add_all_models(&results, options)
		               : add_model(&results, options->run.cpu, options, false);
	for (unsigned i = 0; i < results.count; i++)
		deviations += results.models[i].deviations;
	if (good && strcmp(options->report.outputs[0].path, "-") != 0)
		good = write_results(options->report.outputs[0].path, &results);
	conform_results_free(&results);
	if (!good)
		return STATUS_ENGINE_OR_FILE;
	return deviations ? STATUS_POINTS_LOST : STATUS_ALL_POINTS;
}

/* One file of results.  False after a complaint. */
static bool
read_results(struct conform_results *results, const char *path)
{
	size_t size;
	char *text = read_whole_file(path, RESULTS_LIMIT, &size), *error;

	if (!text) {
		complain("cannot read %s: %s", path, strerror(errno));
		return false;
	}
	error = conform_results_read(results, text);
	if (error)
		complain("%s: %s; 'r33 conform -o FILE' writes such a file", path, error);
	free(error);
	free(text);
	return !error;
}

/* The page of the results in these files. */
static int
write_page(const struct command_options *options)
{
	struct conform_results results[MOST_ENGINES] = { 0 };
	unsigned count = 0;
	bool good = true;
	struct save save;
	FILE *out;

	for (; good && options->arguments[count] && count < MOST_ENGINES; count++)
		good = read_results(&results[count], options->arguments[count]);
	if (good && options->arguments[count]) {
		complain("at most %d result files can be shown side by side", MOST_ENGINES);
		good = false;
	}
	out = good ? save_begin(&save, options->report.outputs[0].path) : NULL;
	if (out) {
		conform_write_markdown(out, results, count);
		good = save_end(&save, !ferror(out));
	}
	for (unsigned i = 0; i < count; i++)
		conform_results_free(&results[i]);
	return good && out ? STATUS_ALL_POINTS : STATUS_ENGINE_OR_FILE;
}

/* r33 conform */
static int
run_conform(const struct command_options *options)
{
	if (options->arguments && options->arguments[0])
		return write_page(options);
	return engine_needs_vmx(&options->run) ? enter_all(options) : STATUS_USAGE;
}

const struct command command_conform = {
	.name = "conform",
	.summary = "Prove the rules: enter states that break one rule each, and their legal twins.",
	.options = "eacToKr",
	.takes_arguments = true,
	.help = "Enters each state in tests/rules/ on every VMX-capable model of the installed\n"
	        "Bochs, or on the one that --cpu names.  Prints each new deviation: an answer\n"
	        "that neither the SDM nor the known deviations of this version explain.\n"
	        "-o FILE writes the results in the format of docs/engines/.\n"
	        "\n"
	        "If result files follow --, nothing is entered, and -o FILE gets the page\n"
	        "docs/engines.md.\n"
	        "\n"
	        "exit status: 0 no new deviation, 1 new deviations, 2 wrong usage,\n"
	        "3 the engine failed\n"
	        "\n"
	        "examples:\n"
	        "  r33 conform --cpu tigerlake\n"
	        "  r33 conform -o docs/engines/bochs-2.7.txt\n"
	        "  r33 conform -o docs/engines.md -- docs/engines/bochs-*.txt\n",
	.run = run_conform,
};
