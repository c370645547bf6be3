/* The command line of r33. */
#pragma once

#include <stdbool.h>
#include "machine/engine.h"
#include "submission/submission.h"

enum { OPTION_OUTPUTS = 8 };

struct grade;

/* A report format; the table is in report.c. */
struct report_format {
	const char *name;
	bool (*write)(FILE *out, const struct grade *grade, bool timings);
};
const struct report_format *report_format_find(const char *name);

/* One report to write: "--format F -o FILE". */
struct output {
	const struct report_format *format;
	const char *path; /* "-" = stdout */
};

struct options {
	char *root;
	char *kernel;           /* NULL = the one of this tree */
	const char *submission; /* NULL = the labs of this tree */
	int lab;                /* or LAB_ALL; 0 = the front end's own test */
	bool lab_given;
	const struct engine *engine;
	const char *cpu;
	bool cpu_given;
	const char *display;
	const char *case_id;
	const char *modules[LABS + 1]; /* --module N=FILE */
	struct output outputs[OPTION_OUTPUTS];
	int output_count;
	bool timings;
	bool details;    /* of all labs on the screen */
	bool unconfined; /* go on if this kernel cannot confine what it must */
	const char *keep;
	int timeout_s;
	int runs;
	int round_trips;
	long count;          /* of states to enter */
	uint64_t seed;       /* of random states */
	const char *operand; /* NULL = none */
	const char *format;  /* of explain and rules; NULL = text */
	const char *caps;    /* a file or a model; NULL = not given */
	bool all_rules;
	bool server; /* of gdb: do not start one */
	int port;    /* 0 = standard input and output */
	bool batch;
	const char *command_file; /* for gdb to read; NULL = none */
	char **arguments;         /* behind "--", NULL at their end; NULL = there are none */
};

/* One command of r33. */
struct command {
	const char *name;
	const char *summary;
	const char *operand;  /* what the argument is, "FILE|-"; NULL = there is none */
	bool takes_arguments; /* any number of them behind "--" */
	const char *options;  /* short letters of the options it knows, see option_table.c */
	const char *help;     /* behind the usage line: what it does, examples */
	int (*run)(const struct options *options);
};

/*
 * Read the command's options.  STATUS_ALL_POINTS: go on; anything else: r33 is to exit with it, all has been
 * said.  *done: --help was asked for and printed.
 */
enum exit_status options_read(
        struct options *options, const struct command *command, int argc, char **argv, bool *done);

/* The root of the tree r33 was built in; NULL after a complaint. */
char *options_default_root(void);
