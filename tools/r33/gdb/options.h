/* How gdb is started, or served. */
#pragma once

#include <stdbool.h>

struct gdb_options {
	bool server; /* do not start one */
	int port;    /* of that server; 0 = standard input and output */
	bool batch;
	const char *command_file; /* for gdb to read; NULL = none */
	char **arguments;         /* for gdb, NULL at their end; NULL = none */
};
