/* The command line of r33. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gdb/options.h"
#include "report/report.h"
#include "run/options.h"

struct command_options {
	struct run_options run;
	struct report_options report;
	struct gdb_options gdb;
	bool lab_given, cpu_given, engine_given;
	int runs;
	int round_trips;
	long count;          /* of states to enter */
	uint64_t seed;       /* of random states */
	const char *operand; /* NULL = none */
	const char *format;  /* of explain and rules; NULL = text */
	const char *caps;    /* a file or a model; NULL = not given */
	bool all_rules;
	char **arguments; /* after "--", NULL at their end; NULL = there are none */
};

/* One command of r33. */
struct command {
	const char *name;
	const char *summary;
	const char *operand;  /* what the argument is, "FILE|-"; NULL = there is none */
	bool takes_arguments; /* any number of them after "--" */
	const char *options;  /* short letters of the options it knows, see option_table.c */
	const char *help;     /* after the usage line: what it does, examples */
	int (*run)(const struct command_options *options);
};

/*
 * Read the command's options.  STATUS_ALL_POINTS: go on; anything else: r33 is to exit with it, all has been
 * said.  *done: --help was asked for and printed.
 */
enum exit_status options_read(struct command_options *options, const struct command *command,
        int argc, char **argv, bool *done);
