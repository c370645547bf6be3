/* The command line of r33: one table of options, of which each command knows some. */
#include <ctype.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "util.h"

enum { MOST_SECONDS = 86400, MOST_RUNS = 1000, MOST_ROUND_TRIPS = 10000000 };

/* One option.  The letter is how commands name it; only -o and -h are typed as letters. */
struct option_description {
	char letter;
	const char *name;
	const char *argument; /* NULL = takes none */
	const char *help;
	const char *(*take)(struct options *options, char *value); /* NULL or what is wrong */
};

/* --lab N|all */
static const char *
take_lab(struct options *options, char *value)
{
	long number = LAB_ALL;

	if (strcmp(value, "all") != 0 && !parse_number(value, 0, LABS, &number))
		return "is neither a lab's number from 1 to 9 nor 'all'";
	options->lab = (int)number;
	options->lab_given = true;
	return NULL;
}

/* --submission DIR */
static const char *
take_submission(struct options *options, char *value)
{
	options->submission = value;
	return *value ? NULL : "is no directory";
}

/* --engine bochs|qemu */
static const char *
take_engine(struct options *options, char *value)
{
	options->engine = engine_find(value);
	return options->engine ? NULL : "is no engine: bochs or qemu";
}

/* --cpu MODEL; the engine checks it later */
static const char *
take_cpu(struct options *options, char *value)
{
	options->cpu = value;
	return *value ? NULL : "is no processor model";
}

/* --display LIBRARY */
static const char *
take_display(struct options *options, char *value)
{
	options->display = value;
	for (const char *at = value; *at; at++) {
		if (!isalnum((unsigned char)*at) && *at != '_' && *at != '-')
			return "is no display library";
	}
	return *value ? NULL : "is no display library";
}

/* --case ID */
static const char *
take_case(struct options *options, char *value)
{
	options->case_id = value;
	if (*value && strlen(value) <= STREAM_NAME_BYTES &&
	        strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(value))
		return NULL;
	return "is no case: small letters, digits, hyphens";
}

/* --module N=FILE */
static const char *
take_module(struct options *options, char *value)
{
	if (value[0] < '0' || value[0] > '9' || value[1] != '=' || !value[2])
		return "is not N=FILE with a lab's number from 1 to 9";
	options->modules[value[0] - '0'] = value + 2;
	return NULL;
}

/* The report the last --format or -o was about; the first when there was none. */
static struct output *
last_output(struct options *options)
{
	return &options->outputs[options->output_count ? options->output_count - 1 : 0];
}

/* --format FORMAT: completes an output that has none yet, or begins one. */
static const char *
take_format(struct options *options, char *value)
{
	struct output *last = last_output(options);
	const struct report_format *format = report_format_find(value);

	if (!format)
		return "is no format: text, json, tap, junit or gradescope";
	if (options->output_count > 0 && !last->format)
		last->format = format;
	else if (options->output_count == OPTION_OUTPUTS)
		return "is one report too many";
	else
		options->outputs[options->output_count++].format = format;
	return NULL;
}

/* -o FILE: likewise. */
static const char *
take_output(struct options *options, char *value)
{
	struct output *last = last_output(options);

	if (!*value)
		return "is no file";
	if (options->output_count > 0 && !last->path)
		last->path = value;
	else if (options->output_count == OPTION_OUTPUTS)
		return "is one report too many";
	else
		options->outputs[options->output_count++].path = value;
	return NULL;
}

/* --timings */
static const char *
take_timings(struct options *options, char *value)
{
	(void)value;
	options->timings = true;
	return NULL;
}

/* --keep DIR */
static const char *
take_keep(struct options *options, char *value)
{
	options->keep = value;
	return *value ? NULL : "is no directory";
}

/* --timeout SECONDS */
static const char *
take_timeout(struct options *options, char *value)
{
	long number;

	if (!parse_number(value, 1, MOST_SECONDS, &number))
		return "is not a number of seconds";
	options->timeout_s = (int)number;
	return NULL;
}

/* --runs N */
static const char *
take_runs(struct options *options, char *value)
{
	long number;

	if (!parse_number(value, 1, MOST_RUNS, &number))
		return "is not a number of runs from 1 to 1000";
	options->runs = (int)number;
	return NULL;
}

/* --round-trips N */
static const char *
take_round_trips(struct options *options, char *value)
{
	long number;

	if (!parse_number(value, 1, MOST_ROUND_TRIPS, &number))
		return "is not a number of round trips";
	options->round_trips = (int)number;
	return NULL;
}

/* --root DIR */
static const char *
take_root(struct options *options, char *value)
{
	free(options->root);
	options->root = realpath(value, NULL);
	return options->root ? NULL : "is no directory";
}

static const struct option_description descriptions[] = {
	{ 'l', "lab", "N|all", "which lab (default: all)", take_lab },
	{ 's', "submission", "DIR",
	        "where the student's files are (default: the labs of this tree)", take_submission },
	{ 'e', "engine", "ENGINE", "bochs (default) or qemu", take_engine },
	{ 'c', "cpu", "MODEL", "processor model (default: tigerlake; see bochs-bin -help cpu)",
	        take_cpu },
	{ 'd', "display", "LIBRARY", "show the screen by this display library, e.g. x",
	        take_display },
	{ 'k', "case", "ID", "only this case", take_case },
	{ 'm', "module", "N=FILE",
	        "a prebuilt module for lab N instead of the source; 'none': no module",
	        take_module },
	{ 'f', "format", "FORMAT", "text (default), json, tap, junit or gradescope", take_format },
	{ 'o', "output", "FILE",
	        "where the report goes (default: -, stdout); a second --format has a second -o",
	        take_output },
	{ 't', "timings", NULL, "show times in the text report", take_timings },
	{ 'K', "keep", "DIR", "keep the files of the run (image, logs, modules) in DIR",
	        take_keep },
	{ 'T', "timeout", "SECONDS",
	        "longest silence of the machine (default: 60; more under load)", take_timeout },
	{ 'n', "runs", "N", "runs of which the medians are taken (default: 5)", take_runs },
	{ 'b', "round-trips", "N", "VM entries and exits to measure (default: 100000)",
	        take_round_trips },
	{ 'r', "root", "DIR", "the tree of Reason 33 (default: the one r33 was built in)",
	        take_root },
};

enum { DESCRIPTIONS = sizeof(descriptions) / sizeof(descriptions[0]) };

/* The root of the tree r33 was built in: two directories above build/r33. */
char *
options_default_root(void)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (length <= 0)
		return NULL;
	path[length] = '\0';
	for (int i = 0; i < 2; i++) {
		slash = strrchr(path, '/');
		if (!slash)
			return NULL;
		*slash = '\0';
	}
	return copy_string(*path ? path : "/");
}

/* Usage, what the command does, and its options. */
static void
print_help(const struct command *command)
{
	char name[40];

	printf("usage: r33 %s [OPTION]...\n\n%s\n\n%s\noptions:\n", command->name, command->summary,
	        command->help);
	for (int i = 0; i < DESCRIPTIONS; i++) {
		const struct option_description *option = &descriptions[i];

		if (!strchr(command->options, option->letter))
			continue;
		snprintf(name, sizeof(name), "%s--%s%s%s", option->letter == 'o' ? "-o, " : "",
		        option->name, option->argument ? " " : "",
		        option->argument ? option->argument : "");
		printf("  %-22s %s\n", name, option->help);
	}
	printf("  %-22s %s\n", "-h, --help", "this text");
}

/* Fill in what was not said. */
static void
set_defaults(struct options *options)
{
	static const struct output standard = { NULL, NULL };

	if (!options->engine)
		options->engine = &engine_bochs;
	if (!options->cpu)
		options->cpu = options->engine->default_cpu;
	if (options->output_count == 0)
		options->outputs[options->output_count++] = standard;
	for (int i = 0; i < options->output_count; i++) {
		if (!options->outputs[i].format)
			options->outputs[i].format = report_format_find("text");
		if (!options->outputs[i].path)
			options->outputs[i].path = "-";
	}
	if (!options->root)
		options->root = options_default_root();
}

/* The options the command knows, as getopt_long() wants them: val is the index + 256. */
static void
list_options(const struct command *command, struct option *list)
{
	for (int i = 0; i < DESCRIPTIONS; i++) {
		if (strchr(command->options, descriptions[i].letter))
			*list++ = (struct option){ descriptions[i].name,
				descriptions[i].argument ? required_argument : no_argument, NULL,
				256 + i };
	}
	*list++ = (struct option){ "help", no_argument, NULL, 'h' };
	*list = (struct option){ 0 };
}

/* Options given that do not go together. */
static const char *
contradiction(const struct options *options)
{
	if (options->case_id && options->lab == LAB_ALL)
		return "--case needs --lab N, for cases are named within their lab";
	return NULL;
}

/* Read the command's options. */
enum exit_status
options_read(
        struct options *options, const struct command *command, int argc, char **argv, bool *done)
{
	struct option list[DESCRIPTIONS + 2];
	const char *problem;
	int chosen;

	*options = (struct options){ .lab = LAB_ALL,
		.timeout_s = ENGINE_DEFAULT_STALL_S,
		.runs = 5,
		.round_trips = 100000 };
	list_options(command, list);
	opterr = 0;
	optind = 1;
	while ((chosen = getopt_long(argc, argv, strchr(command->options, 'o') ? ":ho:" : ":h",
	                list, NULL)) != -1) {
		if (chosen == 'h') {
			print_help(command);
			*done = true;
			return EXIT_ALL_POINTS;
		}
		if (chosen == '?' || chosen == ':') {
			complain("%s '%s'; 'r33 %s --help' lists the options",
			        chosen == ':' ? "an argument is missing behind"
			                      : "there is no option",
			        argv[optind - 1], command->name);
			return EXIT_USAGE;
		}
		for (int i = 0; i < DESCRIPTIONS; i++) {
			if (chosen != 256 + i && chosen != descriptions[i].letter)
				continue;
			problem = descriptions[i].take(options, optarg);
			if (problem) {
				complain("--%s: '%s' %s", descriptions[i].name, optarg, problem);
				return EXIT_USAGE;
			}
		}
	}
	problem = contradiction(options);
	if (problem || optind < argc) {
		complain("%s%s", problem ? problem : "there is nothing to do with the argument ",
		        problem ? "" : argv[optind]);
		return EXIT_USAGE;
	}
	set_defaults(options);
	return EXIT_ALL_POINTS;
}
