/*
 * Breakpoints and watchpoints: what gdb wants, and what the machine has.  gdb takes all of them out at each
 * stop and puts them in again, so the debugger is told only before the machine runs.
 *
 * An int3 written to memory would not work: Bochs goes on executing the old instruction if it has
 * decoded it already.  So both of gdb's kinds of breakpoints become Bochs' own.
 */
#pragma once

#include "command.h"
#include "debuggee.h"

enum { WANTED_MAX = 48 };

struct wanted {
	enum gdb_breakpoint_type type;
	uint64_t address; /* linear */
	uint64_t length;
	uint64_t physical; /* of watchpoints */
	bool inserted;     /* the machine has it */
	unsigned number;   /* the debugger's, of breakpoints */
	bool doomed;       /* gdb does not want it any more */
};

struct breakpoints {
	struct wanted wanted[WANTED_MAX];
	int count;
};

/* gdb wants one; NULL, or why it cannot have it. */
const char *breakpoints_insert(struct breakpoints *breakpoints, struct debuggee *debuggee,
        const struct gdb_command *command);

/* gdb wants it no more. */
void breakpoints_remove(struct breakpoints *breakpoints, const struct gdb_command *command);

/* Tell the debugger, before the machine runs.  False: it refused one. */
bool breakpoints_apply(struct breakpoints *breakpoints, struct debuggee *debuggee);

/* Does gdb want to stop at this linear address? */
bool breakpoints_has(const struct breakpoints *breakpoints, uint64_t address);

/* The watchpoint that the debugger means by this address, or NULL. */
const struct wanted *breakpoints_watch(const struct breakpoints *breakpoints,
        const struct debuggee *debuggee, uint64_t address, bool write);
