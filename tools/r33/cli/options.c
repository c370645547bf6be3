/* The command line of r33: one table of options (option_table.c), of which each command knows
 * some. */
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"
#include "option_table.h"

/* The root of the tree r33 was built in: two directories above build/r33. */
static char *
default_root(void)
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

	printf("usage: r33 %s [OPTION]...%s%s%s\n\n%s\n\n%s\noptions:\n", command->name,
	        command->operand ? " " : "", command->operand ? command->operand : "",
	        command->takes_arguments ? " [-- ARGUMENT...]" : "", command->summary,
	        command->help);
	for (int i = 0; i < option_description_count; i++) {
		const struct option_description *option = &option_descriptions[i];

		if (!strchr(command->options, option->letter))
			continue;
		snprintf(name, sizeof(name), "%s--%s%s%s", option->letter == 'o' ? "-o, " : "",
		        option->name, option->argument ? " " : "",
		        option->argument ? option->argument : "");
		printf("  %-22s %s\n", name, option->help);
	}
	printf("  %-22s %s\n", "-h, --help", "print this help");
}

/* Bochs; QEMU where a lab is to run and there is nothing else to run it on. */
static const struct engine *
default_engine(const struct command *command)
{
	if (!strchr(command->options, 'l') || engine_bochs.program() || !engine_qemu.program())
		return &engine_bochs;
	complain("Bochs is not installed: QEMU is the engine");
	return &engine_qemu;
}

/* Fill in what was not said. */
static void
set_defaults(struct command_options *options)
{
	static const struct output standard = { NULL, NULL };
	struct run_options *run = &options->run;

	run->accelerator = run->engine->accelerate(run->accelerator);
	if (!run->cpu)
		run->cpu = run->accelerator == ACCELERATOR_KVM ? "host" : run->engine->default_cpu;
	if (options->report.output_count == 0)
		options->report.outputs[options->report.output_count++] = standard;
	for (int i = 0; i < options->report.output_count; i++) {
		if (!options->report.outputs[i].format)
			options->report.outputs[i].format = report_format_find("text");
		if (!options->report.outputs[i].path)
			options->report.outputs[i].path = "-";
	}
	if (!options->run.root)
		options->run.root = default_root();
}

/* The options the command knows, as getopt_long() wants them: val is the index + 256. */
static void
list_options(const struct command *command, struct option *list)
{
	for (int i = 0; i < option_description_count; i++) {
		if (strchr(command->options, option_descriptions[i].letter))
			*list++ = (struct option){ option_descriptions[i].name,
				option_descriptions[i].argument ? required_argument : no_argument,
				NULL, 256 + i };
	}
	*list++ = (struct option){ "help", no_argument, NULL, 'h' };
	*list = (struct option){ 0 };
}

/* Options given that do not go together. */
static const char *
contradiction(const struct command_options *options)
{
	if (options->run.case_id && options->run.lab == LAB_ALL)
		return "--case needs --lab N: each lab names its own cases";
	if (options->run.accelerator != ACCELERATOR_AUTO && options->run.engine != &engine_qemu)
		return "--accel needs --engine qemu: Bochs has no accelerator";
	return NULL;
}

enum exit_status
options_read(struct command_options *options, const struct command *command, int argc, char **argv,
        bool *done)
{
	struct option list[OPTION_DESCRIPTIONS_MAX + 2];
	const char *problem;
	int chosen;

	*options = (struct command_options){ .run = { .lab = LAB_ALL,
		                                     .timeout_s = ENGINE_DEFAULT_STALL_S },
		.runs = 5,
		.round_trips = 100000,
		.count = 100000,
		.seed = 33 };
	list_options(command, list);
	opterr = 0;
	optind = 1;
	while ((chosen = getopt_long(argc, argv, strchr(command->options, 'o') ? ":ho:" : ":h",
	                list, NULL)) != -1) {
		if (chosen == 'h') {
			print_help(command);
			*done = true;
			return STATUS_ALL_POINTS;
		}
		if (chosen == '?' || chosen == ':') {
			complain(chosen == ':'
			                 ? "%s needs an argument; 'r33 %s --help' lists the options"
			                 : "unknown option '%s'; 'r33 %s --help' lists the options",
			        argv[optind - 1], command->name);
			return STATUS_USAGE;
		}
		for (int i = 0; i < option_description_count; i++) {
			if (chosen != 256 + i && chosen != option_descriptions[i].letter)
				continue;
			problem = option_descriptions[i].take(options, optarg);
			if (problem) {
				complain("--%s: '%s' %s", option_descriptions[i].name, optarg,
				        problem);
				return STATUS_USAGE;
			}
		}
	}
	if (command->operand && optind < argc)
		options->operand = argv[optind++];
	if (command->takes_arguments && strcmp(argv[optind - 1], "--") == 0) {
		options->arguments = &argv[optind];
		optind = argc;
	}
	if (!options->run.engine)
		options->run.engine = default_engine(command);
	problem = contradiction(options);
	if (problem || optind < argc) {
		complain(problem ? "%s" : "unexpected argument '%s'",
		        problem ? problem : argv[optind]);
		return STATUS_USAGE;
	}
	set_defaults(options);
	return report_check(&options->report) ? STATUS_ALL_POINTS : STATUS_ENGINE_OR_FILE;
}
