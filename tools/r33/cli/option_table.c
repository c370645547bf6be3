/* The options of r33's commands, and what each does with its argument. */
#include "option_table.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "base/util.h"

enum {
	MOST_SECONDS = 86400,
	MOST_RUNS = 1000,
	MOST_ROUND_TRIPS = 10000000,
	MOST_STATES = 1000000000
};

/* --lab N|all */
static const char *
take_lab(struct command_options *options, char *value)
{
	long number = LAB_ALL;

	if (strcmp(value, "all") != 0 && !parse_number(value, 0, LABS, &number))
		return "is neither a lab number from 1 to 9 nor 'all'";
	options->run.lab = (int)number;
	options->lab_given = true;
	return NULL;
}

/* --submission DIR */
static const char *
take_submission(struct command_options *options, char *value)
{
	options->run.submission = value;
	return *value ? NULL : "is not a directory";
}

/* --engine bochs|qemu */
static const char *
take_engine(struct command_options *options, char *value)
{
	options->run.engine = engine_find(value);
	options->engine_given = true;
	return options->run.engine ? NULL : "is not an engine: bochs or qemu";
}

/* --accel auto|kvm|tcg */
static const char *
take_accel(struct command_options *options, char *value)
{
	static const char *const names[] = {
		[ACCELERATOR_AUTO] = "auto", [ACCELERATOR_KVM] = "kvm", [ACCELERATOR_TCG] = "tcg"
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(value, names[i]) != 0)
			continue;
		options->run.accelerator = (enum accelerator)i;
		return NULL;
	}
	return "is not an accelerator of QEMU: auto, kvm or tcg";
}

/* --cpu MODEL; the engine checks it later */
static const char *
take_cpu(struct command_options *options, char *value)
{
	options->run.cpu = value;
	options->cpu_given = true;
	return *value ? NULL : "is not a processor model";
}

/* --display LIBRARY */
static const char *
take_display(struct command_options *options, char *value)
{
	options->run.display = value;
	for (const char *at = value; *at; at++) {
		if (!isalnum((unsigned char)*at) && *at != '_' && *at != '-')
			return "is not a display library";
	}
	return *value ? NULL : "is not a display library";
}

/* --case ID */
static const char *
take_case(struct command_options *options, char *value)
{
	options->run.case_id = value;
	if (*value && strlen(value) <= STREAM_NAME_BYTES &&
	        strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(value))
		return NULL;
	return "is not the name of a case: lower-case letters, digits and hyphens";
}

/* --module N=FILE */
static const char *
take_module(struct command_options *options, char *value)
{
	if (value[0] < '0' || value[0] > '9' || value[1] != '=' || !value[2])
		return "is not N=FILE with a lab number from 1 to 9";
	options->run.modules[value[0] - '0'] = value + 2;
	return NULL;
}

/* The report the last --format or -o was about; the first when there was none. */
static struct output *
last_output(struct command_options *options)
{
	return &options->report
	                .outputs[options->report.output_count ? options->report.output_count - 1
	                                                      : 0];
}

/* --format FORMAT: completes an output that has none yet, or begins one. */
static const char *
take_format(struct command_options *options, char *value)
{
	struct output *last = last_output(options);
	const struct report_format *format = report_format_find(value);

	if (!format)
		return "is not a format: text, json, tap, junit, gradescope or html";
	if (options->report.output_count > 0 && !last->format)
		last->format = format;
	else if (options->report.output_count == REPORT_OUTPUTS)
		return "is one report too many";
	else
		options->report.outputs[options->report.output_count++].format = format;
	return NULL;
}

/* -o FILE: likewise. */
static const char *
take_output(struct command_options *options, char *value)
{
	struct output *last = last_output(options);

	if (!*value)
		return "is not a file";
	if (options->report.output_count > 0 && !last->path)
		last->path = value;
	else if (options->report.output_count == REPORT_OUTPUTS)
		return "is one report too many";
	else
		options->report.outputs[options->report.output_count++].path = value;
	return NULL;
}

static const char *
take_timings(struct command_options *options, char *value)
{
	(void)value;
	options->report.timings = true;
	return NULL;
}

static const char *
take_details(struct command_options *options, char *value)
{
	(void)value;
	options->report.details = true;
	return NULL;
}

static const char *
take_unconfined(struct command_options *options, char *value)
{
	(void)value;
	options->run.unconfined = true;
	return NULL;
}

/* --keep DIR */
static const char *
take_keep(struct command_options *options, char *value)
{
	options->run.keep = value;
	return *value ? NULL : "is not a directory";
}

/* --timeout SECONDS */
static const char *
take_timeout(struct command_options *options, char *value)
{
	long number;

	if (!parse_number(value, 1, MOST_SECONDS, &number))
		return "is not a number of seconds";
	options->run.timeout_s = (int)number;
	return NULL;
}

/* --runs N */
static const char *
take_runs(struct command_options *options, char *value)
{
	long number;

	if (!parse_number(value, 1, MOST_RUNS, &number))
		return "is not a number of runs from 1 to 1000";
	options->runs = (int)number;
	return NULL;
}

/* --round-trips N */
static const char *
take_round_trips(struct command_options *options, char *value)
{
	long number;

	if (!parse_number(value, 1, MOST_ROUND_TRIPS, &number))
		return "is not a number of round trips";
	options->round_trips = (int)number;
	return NULL;
}

/* --count N */
static const char *
take_count(struct command_options *options, char *value)
{
	return parse_number(value, 1, MOST_STATES, &options->count) ? NULL
	                                                            : "is not a number of states";
}

/* --seed N */
static const char *
take_seed(struct command_options *options, char *value)
{
	long number;

	if (!parse_number(value, 0, LONG_MAX, &number))
		return "is not a seed: a number from 0";
	options->seed = (uint64_t)number;
	return NULL;
}

static const char *
take_explain_format(struct command_options *options, char *value)
{
	options->format = value;
	return strcmp(value, "text") == 0 || strcmp(value, "json") == 0
	               ? NULL
	               : "is not a format: text or json";
}

static const char *
take_rules_format(struct command_options *options, char *value)
{
	options->format = value;
	return strcmp(value, "text") == 0 || strcmp(value, "json") == 0 ||
	                       strcmp(value, "markdown") == 0 || strcmp(value, "header") == 0
	               ? NULL
	               : "is not a format: text, json, markdown or header";
}

/* --caps FILE|MODEL; explain reads it later */
static const char *
take_caps(struct command_options *options, char *value)
{
	options->caps = value;
	return *value ? NULL : "is neither a file nor a model";
}

static const char *
take_all_rules(struct command_options *options, char *value)
{
	(void)value;
	options->all_rules = true;
	return NULL;
}

static const char *
take_server(struct command_options *options, char *value)
{
	(void)value;
	options->gdb.server = true;
	return NULL;
}

/* --port N */
static const char *
take_port(struct command_options *options, char *value)
{
	long number;

	if (!parse_number(value, 1, 65535, &number))
		return "is not a port from 1 to 65535";
	options->gdb.port = (int)number;
	return NULL;
}

static const char *
take_command_file(struct command_options *options, char *value)
{
	options->gdb.command_file = value;
	return *value ? NULL : "is not a file";
}

static const char *
take_batch(struct command_options *options, char *value)
{
	(void)value;
	options->gdb.batch = true;
	return NULL;
}

/* --kernel FILE */
static const char *
take_kernel(struct command_options *options, char *value)
{
	free(options->run.kernel);
	options->run.kernel = realpath(value, NULL);
	return options->run.kernel ? NULL : "is not a file";
}

/* --root DIR */
static const char *
take_root(struct command_options *options, char *value)
{
	free(options->run.root);
	options->run.root = realpath(value, NULL);
	return options->run.root ? NULL : "is not a directory";
}

const struct option_description option_descriptions[] = {
	{ 'l', "lab", "N|all", "which lab (default: all)", take_lab },
	{ 's', "submission", "DIR",
	        "where the student's files are (default: the labs of this tree)", take_submission },
	{ 'e', "engine", "ENGINE", "bochs (default, if it is installed) or qemu", take_engine },
	{ 'c', "cpu", "MODEL", "processor model (default: tigerlake; see docs/models.md)",
	        take_cpu },
	{ 'a', "accel", "NAME", "of QEMU: kvm, tcg or auto (default: kvm where the host nests VMX)",
	        take_accel },
	{ 'd', "display", "LIBRARY", "show the screen with this display library, e.g. x",
	        take_display },
	{ 'k', "case", "ID", "only this case", take_case },
	{ 'm', "module", "N=FILE",
	        "use a prebuilt module for lab N instead of the source; 'none': no module",
	        take_module },
	{ 'f', "format", "FORMAT", "text (default), json, tap, junit, gradescope or html",
	        take_format },
	{ 'o', "output", "FILE",
	        "where the report goes (default: -, stdout); each --format has its own -o",
	        take_output },
	{ 't', "timings", NULL, "show times in the text report", take_timings },
	{ 'D', "details", NULL, "show every case on the screen, even of several labs",
	        take_details },
	{ 'U', "unconfined", NULL,
	        "grade others' submissions even if this kernel cannot confine the compiler",
	        take_unconfined },
	{ 'K', "keep", "DIR", "keep the files of the run (image, logs, modules) in DIR",
	        take_keep },
	{ 'T', "timeout", "SECONDS",
	        "end a machine that is silent this long (default: 60; more under load)",
	        take_timeout },
	{ 'n', "runs", "N", "how many runs to take the medians of (default: 5)", take_runs },
	{ 'b', "round-trips", "N", "VM entries and exits to measure (default: 100000)",
	        take_round_trips },
	{ 'N', "count", "N", "guest states to enter (default: 100000)", take_count },
	{ 'S', "seed", "N", "seed of the random states (default: 33)", take_seed },
	{ 'x', "format", "FORMAT", "text (default) or json", take_explain_format },
	{ 'X', "format", "FORMAT", "text (default), json, markdown or header", take_rules_format },
	{ 'C', "caps", "FILE|MODEL", "the processor's capabilities: a capability file or a model",
	        take_caps },
	{ 'A', "all-rules", NULL, "name every rule that could not be judged", take_all_rules },
	{ 'V', "server", NULL,
	        "do not start gdb; serve one on standard input and output, or on --port",
	        take_server },
	{ 'P', "port", "N", "the loopback port for --server", take_port },
	{ 'F', "command", "FILE", "have gdb read commands from FILE", take_command_file },
	{ 'Q', "batch", NULL, "have gdb exit after the commands in FILE", take_batch },
	{ 'B', "kernel", "FILE",
	        "the kernel to boot, e.g. one with private tests (default: this tree's)",
	        take_kernel },
	{ 'r', "root", "DIR", "the tree of Reason 33 (default: the one r33 was built in)",
	        take_root },
};

const int option_description_count = COUNT(option_descriptions);
_Static_assert(
        COUNT(option_descriptions) <= OPTION_DESCRIPTIONS_MAX, "options_read() has room for all");
