/* The compiler and what belongs to it, as this machine has them. */
#pragma once

#include <stdbool.h>

#include "process/confine.h"

enum { TOOLS = 8 };

struct toolchain {
	char *gcc, *objcopy;   /* absolute paths */
	char *directory;       /* of gcc's own parts and headers */
	char *headers;         /* stdint.h and the like */
	char *libraries[2];    /* of a toolchain that is not the system's */
	char *programs[TOOLS]; /* all that may be executed */
	int program_count;
};

/* Find it, by PATH and by asking gcc.  False after a complaint: the machine lacks something. */
bool toolchain_find(struct toolchain *toolchain);
void toolchain_free(struct toolchain *toolchain);

/* Let the files list have the toolchain.  The list refers to the toolchain's strings. */
void toolchain_allow(const struct toolchain *toolchain, struct confined_files *files);
