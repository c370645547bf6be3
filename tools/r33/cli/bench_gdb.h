/* How fast gdb is: see bench_gdb.c. */
#pragma once

#include "options.h"

struct gdb_speed {
	double attach_ms;   /* from the start of r33 gdb to gdb's first command */
	double steps_per_s; /* stepi */
	double next_by_run; /* next over a call, by the time to run to a breakpoint after it */
};

/* Measure once.  False after a complaint, or when interrupted. */
bool bench_gdb(const struct command_options *options, struct gdb_speed *speed);
