/* How fast gdb is: r33 gdb is run with a script that measures (tools/gdb/bench.py). */
#include "bench_gdb.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "process/process.h"

enum { GDB_WAIT_MS = 120000 };

extern char **environ;

/* The number in the line "r33-bench NAME NUMBER". */
static bool
read_measured(const char *text, const char *name, double *number)
{
	char *begin = new_string("r33-bench %s ", name);
	const char *at = strstr(text, begin);

	if (at)
		*number = strtod(at + strlen(begin), NULL);
	free(begin);
	return at != NULL;
}

/* Run gdb.  False when it could not be started. */
static bool
run(const struct command_options *options, struct tail *said)
{
	char *script = new_string("%s/tools/gdb/bench.py", options->run.root);
	char *lab = new_string("%d", options->run.lab);
	char *submission = options->run.submission ? copy_string(options->run.submission)
	                                           : new_string("%s/labs", options->run.root);
	const char *argv[] = { "/proc/self/exe", "gdb", "--root", options->run.root, "--cpu",
		options->run.cpu, "--lab", lab, "--batch", "--command", script, "--submission",
		submission, "--", "-nx", NULL };
	struct spawn spawn = { .argv = argv,
		.environment = (const char *const *)environ,
		.files = { -1, -1, -1, -1, -1, -1 } };
	struct child child;
	int output;
	int error;

	process_prepare();
	error = process_start_output(&child, &spawn, true, &output);
	if (error)
		complain("cannot start r33 gdb: %s", strerror(error));
	else
		process_finish_output(&child, &output, tail_take, said, GDB_WAIT_MS);
	process_restore();
	free(submission);
	free(lab);
	free(script);
	return !error;
}

bool
bench_gdb(const struct command_options *options, struct gdb_speed *speed)
{
	struct tail *said = allocate(1, sizeof(*said));
	int64_t start_us = now_us();
	bool good = run(options, said);

	if (good) {
		double attached_s;

		good = read_measured(said->bytes, "attached_s", &attached_s) &&
		       read_measured(said->bytes, "next_by_run", &speed->next_by_run) &&
		       read_measured(said->bytes, "steps_per_s", &speed->steps_per_s);
		speed->attach_ms = attached_s * 1000 - (double)start_us / 1000;
		if (!good) {
			char *lines = tail_lines(said, 10);

			complain("r33 gdb did not report its measurements:\n%s", lines);
			free(lines);
		}
	}
	free(said);
	return good;
}
