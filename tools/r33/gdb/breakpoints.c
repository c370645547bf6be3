/* Breakpoints and watchpoints: see breakpoints.h. */
#include "breakpoints.h"

static bool
watches(enum gdb_breakpoint_type type)
{
	return type >= GDB_WATCH_WRITE;
}

/* The one that gdb means, or NULL. */
static struct wanted *
find(struct breakpoints *breakpoints, const struct gdb_command *command)
{
	for (int i = 0; i < breakpoints->count; i++) {
		struct wanted *wanted = &breakpoints->wanted[i];

		if (wanted->type == command->number && wanted->address == command->address &&
		        (!watches(wanted->type) || wanted->length == command->length))
			return wanted;
	}
	return NULL;
}

/* How many of this class gdb wants. */
static int
count(const struct breakpoints *breakpoints, bool watchpoints)
{
	int number = 0;

	for (int i = 0; i < breakpoints->count; i++)
		number += watches(breakpoints->wanted[i].type) == watchpoints &&
		          !breakpoints->wanted[i].doomed;
	return number;
}

/* Where a watchpoint's memory is. */
static const char *
place_watchpoint(struct debuggee *debuggee, struct wanted *wanted)
{
	if (wanted->length == 0 || wanted->length > LINEAR_PAGE_BYTES ||
	        wanted->address % LINEAR_PAGE_BYTES + wanted->length > LINEAR_PAGE_BYTES)
		return "a watchpoint must be in one page";
	if (!debuggee->debugger->watches_linear &&
	        !debuggee_translate(debuggee, wanted->address, &wanted->physical))
		return "nothing is mapped there now";
	return NULL;
}

const char *
breakpoints_insert(struct breakpoints *breakpoints, struct debuggee *debuggee,
        const struct gdb_command *command)
{
	struct wanted *old = find(breakpoints, command);
	struct wanted wanted = {
		.type = command->number, .address = command->address, .length = command->length
	};
	const char *problem;

	if (old && !watches(old->type)) {
		old->doomed = false;
		return NULL;
	}
	if (watches(wanted.type)) {
		problem = place_watchpoint(debuggee, &wanted);
		if (problem)
			return problem;
		if (old && old->physical == wanted.physical) {
			old->doomed = false;
			return NULL;
		}
	}
	if (breakpoints->count == WANTED_MAX ||
	        count(breakpoints, watches(wanted.type)) >=
	                (watches(wanted.type) ? debuggee->debugger->watchpoints_max
	                                      : debuggee->debugger->breakpoints_max))
		return "the machine has no more of them";
	breakpoints->wanted[breakpoints->count++] = wanted;
	return NULL;
}

void
breakpoints_remove(struct breakpoints *breakpoints, const struct gdb_command *command)
{
	struct wanted *old = find(breakpoints, command);

	if (old)
		old->doomed = true;
}

/* Where the debugger has it. */
static uint64_t
place(const struct debuggee *debuggee, const struct wanted *wanted)
{
	return debuggee->debugger->watches_linear ? wanted->address : wanted->physical;
}

/* Take it out of the machine. */
static void
take_out(struct debuggee *debuggee, struct wanted *wanted)
{
	const struct debugger *debugger = debuggee->debugger;

	if (!wanted->inserted)
		return;
	if (watches(wanted->type))
		debugger->clear_watchpoint(
		        debuggee, wanted->type, place(debuggee, wanted), wanted->length);
	else
		debugger->clear_breakpoint(debuggee, wanted->number, wanted->address);
	wanted->inserted = false;
}

/* Put it into the machine. */
static bool
put_in(struct debuggee *debuggee, struct wanted *wanted)
{
	const struct debugger *debugger = debuggee->debugger;

	if (wanted->inserted)
		return true;
	if (watches(wanted->type)) {
		wanted->inserted = debugger->set_watchpoint(
		        debuggee, wanted->type, place(debuggee, wanted), wanted->length);
	} else {
		wanted->number = debugger->set_breakpoint(debuggee, wanted->address);
		wanted->inserted = wanted->number > 0;
	}
	return wanted->inserted;
}

bool
breakpoints_apply(struct breakpoints *breakpoints, struct debuggee *debuggee)
{
	int kept = 0;
	bool good = true;

	for (int i = 0; i < breakpoints->count; i++) {
		if (breakpoints->wanted[i].doomed)
			take_out(debuggee, &breakpoints->wanted[i]);
		else
			breakpoints->wanted[kept++] = breakpoints->wanted[i];
	}
	breakpoints->count = kept;
	for (int i = 0; i < kept; i++)
		good &= put_in(debuggee, &breakpoints->wanted[i]);
	return good;
}

bool
breakpoints_has(const struct breakpoints *breakpoints, uint64_t address)
{
	for (int i = 0; i < breakpoints->count; i++) {
		const struct wanted *wanted = &breakpoints->wanted[i];

		if (!watches(wanted->type) && !wanted->doomed && wanted->address == address)
			return true;
	}
	return false;
}

/* The watchpoint that is meant: the access may begin before it. */
const struct wanted *
breakpoints_watch(const struct breakpoints *breakpoints, const struct debuggee *debuggee,
        uint64_t address, bool write)
{
	const struct wanted *best = NULL;

	for (int i = 0; i < breakpoints->count; i++) {
		const struct wanted *wanted = &breakpoints->wanted[i];
		uint64_t begin = place(debuggee, wanted);

		if (!watches(wanted->type) || wanted->doomed ||
		        wanted->type == (write ? GDB_WATCH_READ : GDB_WATCH_WRITE))
			continue;
		if (address < begin + wanted->length && address + 64 > begin)
			best = wanted;
		if (address >= begin && address < begin + wanted->length)
			return wanted;
	}
	return best;
}
