/* The options of r33's commands, for options.c. */
#pragma once

#include "options.h"

/* One option.  The letter is how commands name it; only -o and -h are typed as letters. */
struct option_description {
	char letter;
	const char *name;
	const char *argument; /* NULL = takes none */
	const char *help;
	const char *(*take)(
	        struct command_options *options, char *value); /* NULL or what is wrong */
};

enum { OPTION_DESCRIPTIONS_MAX = 48 };

extern const struct option_description option_descriptions[];
extern const int option_description_count;
