/*
 * Breakpoints and watchpoints: what gdb wants, and what Bochs has.  gdb takes all of them out at each
 * stop and puts them in again, so Bochs is told only before the machine runs.
 *
 * An int3 written to memory would not work: Bochs goes on executing the old instruction if it has
 * decoded it already.  So both of gdb's kinds of breakpoints become Bochs' own.
 */
#pragma once

#include "command.h"
#include "debuggee.h"

/* Bochs has 16 for each kind; three execution breakpoints are ours (run.c). */
enum { BREAKPOINTS_MAX = 13, WATCHPOINTS_MAX = 16, WANTED_MAX = 48, OWN_BREAKPOINTS = 3 };

struct wanted {
	enum gdb_breakpoint_type type;
	uint64_t address; /* linear */
	uint64_t length;
	uint64_t physical; /* of watchpoints */
	bool inserted;     /* Bochs has it */
	unsigned number;   /* Bochs' own, of breakpoints */
	bool doomed;       /* gdb does not want it any more */
};

struct breakpoints {
	struct wanted wanted[WANTED_MAX];
	int count;
	unsigned next_number; /* that Bochs gives, minus 1 */
};

/* gdb wants one; NULL, or why it cannot have it. */
const char *breakpoints_insert(struct breakpoints *breakpoints, struct debuggee *debuggee,
        const struct gdb_command *command);

/* gdb wants it no more. */
void breakpoints_remove(struct breakpoints *breakpoints, const struct gdb_command *command);

/* Tell Bochs, before the machine runs.  False: Bochs refused one. */
bool breakpoints_apply(struct breakpoints *breakpoints, struct debuggee *debuggee);

/* Does gdb want to stop at this linear address? */
bool breakpoints_has(const struct breakpoints *breakpoints, uint64_t address);

/* The watchpoint that Bochs means by this physical address, or NULL. */
const struct wanted *breakpoints_watch(
        const struct breakpoints *breakpoints, uint64_t physical, bool write);

/* One of our own, not gdb's: its number for breakpoints_delete_own(), 0 when Bochs has no room. */
unsigned breakpoints_set_own(
        struct breakpoints *breakpoints, struct debuggee *debuggee, uint64_t address);
void breakpoints_delete_own(struct debuggee *debuggee, unsigned number);
