/*
 * One tool at a time, from a confined process: a compiler, a linker, objcopy.  Each has limits, its own
 * system calls only, and the watch (watch.h) over it.
 */
#pragma once

#include "watch.h"

enum { TOOL_ENVIRONMENT = 8 };

/* How a tool, and what is made of several, ends. */
enum tool_end {
	TOOL_DONE = 0,
	TOOL_REFUSED = 1, /* what it was given is wrong: the student's fault */
	TOOL_FAILED = 3,  /* it could not be run, or was killed: the machine's fault */
};

/* What is said of a tool that met the limit of its processor time, or of its memory. */
extern const char tool_took_too_much[];

/* The process that runs tools; what they say goes to its standard error. */
struct tool_runner {
	const char *environment[TOOL_ENVIRONMENT];
	unsigned cpu_seconds; /* for all tools together */
	double used_s;        /* of these */
	struct watch watch;
	struct tool_start *start; /* private: what a tool tells before it is the program */
};

/* Can the limits be set: has the shell set lower ones?  False after a complaint. */
bool tool_limits_are_free(unsigned cpu_seconds);

/* Make ready for the first.  False with errno. */
bool tool_runner_open(struct tool_runner *runner);

/* Run a tool, argv[0] of an absolute path, to its end.  Says what it failed of if it does not itself. */
enum tool_end tool_run(struct tool_runner *runner, const char *const *argv);
