/* r33: boots the teaching kernel on an engine, grades, reports.  This file finds the command. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/close_range.h>

#include <r33/array.h>

#include "base/util.h"
#include "base/version.h"
#include "commands.h"

static const struct command *const commands[] = { &command_run, &command_grade, &command_explain,
	&command_decode, &command_rules, &command_bench, &command_conform, &command_fuzz,
	&command_enter, &command_caps, &command_gdb };

enum { COMMANDS = COUNT(commands) };

/* What there is. */
static void
print_help(void)
{
	puts("usage: r33 COMMAND [OPTION]...\n"
	     "\n"
	     "The host tool of Reason 33, a teaching kernel for Intel VMX guest state.\n"
	     "\n"
	     "commands:");
	for (int i = 0; i < COMMANDS; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	puts("  locate   Name the source lines of addresses in a module: r33 locate FILE "
	     "ADDRESS...\n"
	     "\n"
	     "'r33 COMMAND --help' says more, with examples.  'r33 --version' prints the version.\n"
	     "exit status: 0 all points or nothing wrong, 1 points lost or rules violated,\n"
	     "2 wrong usage, 3 the engine or a file failed");
}

/* Read the command's options and run it. */
static int
run_command(const struct command *command, int argc, char **argv)
{
	struct command_options options;
	bool done = false;
	int status = (int)options_read(&options, command, argc, argv, &done);

	if (status == STATUS_ALL_POINTS && !done) {
		if (options.run.root) {
			status = command->run(&options);
		} else {
			complain("cannot find the tree of Reason 33: name it with --root DIR");
			status = STATUS_USAGE;
		}
	}
	free(options.run.kernel);
	free(options.run.root);
	return status;
}

/*
 * Descriptors 0 to 2 are open, whatever r33 was started with: otherwise the first pipe it makes would be
 * its standard input, and what a child prints would end in it.  Its children do not inherit the other
 * descriptors it was given.
 */
static void
settle_descriptors(void)
{
	int file;

	do
		file = open("/dev/null", O_RDWR);
	while (file >= 0 && file <= STDERR_FILENO);
	if (file >= 0)
		close(file);
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
}

/* Find the command. */
int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	settle_descriptors();

	for (int i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return run_command(commands[i], argc - 1, argv + 1);
	}
	if (strcmp(name, "locate") == 0)
		return command_locate(argc - 1, argv + 1);
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		print_help();
		return STATUS_ALL_POINTS;
	}
	if (strcmp(name, "--version") == 0) {
		puts("r33 " R33_VERSION);
		return STATUS_ALL_POINTS;
	}
	if (*name)
		complain("unknown command '%s'; 'r33 --help' lists the commands", name);
	else
		complain("a command is missing; 'r33 --help' lists the commands");
	return STATUS_USAGE;
}
