/* r33 explain: which rules a guest state in a dump violates. */
#include "explain/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "commands.h"

enum { EXPLAIN_FORMAT_VERSION = 1 };

/* What the processors of the dumps offer. */
struct processors {
	const struct command_options *options;
	struct caps given; /* by --caps */
	struct caps any;
};

/* The capabilities to judge a dump by: what the user gave, or the model that the dump names. */
static const struct caps *
caps_for(const struct processors *processors, const struct dump *dump, struct caps *of_dump)
{
	if (processors->options->caps)
		return &processors->given;
	if (dump->cpu && caps_is_model(processors->options->run.root, dump->cpu) &&
	        caps_load(of_dump, processors->options->run.root, dump->cpu))
		return of_dump;
	return &processors->any;
}

/* Explain one dump, as text on stdout or into an array. */
static enum exit_status
explain_one(const struct processors *processors, const struct dump_file *file, size_t index,
        json_t *dumps)
{
	const struct dump *dump = &file->dumps[index];
	struct explanation explanation;
	struct caps of_dump = { 0 };
	enum exit_status status;

	explain(&explanation, dump, caps_for(processors, dump, &of_dump));
	if (dumps) {
		json_array_append_new(dumps, explain_json(&explanation));
	} else {
		if (file->count > 1)
			printf("%s=== dump %zu of %zu ===\n", index > 0 ? "\n" : "", index + 1,
			        file->count);
		explain_text(stdout, &explanation, processors->options->all_rules);
	}
	status = explanation.verdict == VERDICT_NOT_VMX ? STATUS_ENGINE_OR_FILE
	         : explanation.violation_count > 0      ? STATUS_POINTS_LOST
	                                                : STATUS_ALL_POINTS;
	explanation_free(&explanation);
	caps_free(&of_dump);
	return status;
}

/* Explain all dumps of the file. */
static enum exit_status
explain_all(const struct processors *processors, const struct dump_file *file)
{
	bool in_json =
	        processors->options->format && strcmp(processors->options->format, "json") == 0;
	json_t *dumps = in_json ? json_array() : NULL;
	enum exit_status worst = STATUS_ALL_POINTS;
	json_t *report;

	for (size_t i = 0; i < file->count; i++) {
		enum exit_status status = explain_one(processors, file, i, dumps);

		worst = status > worst ? status : worst;
	}
	if (in_json) {
		report = json_pack("{s:i, s:o}", "version", EXPLAIN_FORMAT_VERSION, "dumps", dumps);
		json_dumpf(report, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		putchar('\n');
		json_decref(report);
	}
	return flush_output() ? worst : STATUS_ENGINE_OR_FILE;
}

/* Say what a capability file does not tell; rules that need it say so as well. */
static void
report_missing(const struct caps *caps)
{
	char *missing = caps_missing(caps);

	if (missing)
		complain("%s does not specify %s", caps->name, missing);
	free(missing);
}

/* Read the file and explain what is in it. */
static int
run_explain(const struct command_options *options)
{
	struct processors processors = { .options = options };
	enum exit_status status = STATUS_ENGINE_OR_FILE;
	struct dump_file file;

	if (!options->operand) {
		complain("explain needs a file with a dump, or - for standard input; try 'r33 "
		         "explain --help'");
		return STATUS_USAGE;
	}
	caps_of_any_processor(&processors.any);
	if (options->caps) {
		if (!caps_load(&processors.given, options->run.root, options->caps))
			return STATUS_ENGINE_OR_FILE;
		report_missing(&processors.given);
	}
	if (dump_file_read(&file, options->operand)) {
		status = explain_all(&processors, &file);
		dump_file_free(&file);
	}
	caps_free(&processors.given);
	return (int)status;
}

const struct command command_explain = {
	.name = "explain",
	.summary = "Name the rules that the guest state in a dump violates.",
	.operand = "FILE|-",
	.options = "xCAr",
	.help = "FILE is text that contains dumps; '-' is standard input.  Understands the\n"
	        "dumps of Linux KVM and Xen, QEMU's registers, and Reason 33's own format,\n"
	        "in logs and mails of any kind.\n"
	        "\n"
	        "examples:\n"
	        "  dmesg | r33 explain -\n"
	        "  r33 explain qemu.log --format json\n"
	        "  r33 explain vmcs.txt --caps tigerlake\n"
	        "\n"
	        "exit status: 0 no rule violated, 1 violated rules found, 2 wrong usage,\n"
	        "3 the file cannot be read or contains no VMX dump\n",
	.run = run_explain,
};
