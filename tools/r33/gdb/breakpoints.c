/* Breakpoints and watchpoints: see breakpoints.h. */
#include "breakpoints.h"

#include <inttypes.h>
#include <string.h>

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
	if (!debuggee_translate(debuggee, wanted->address, &wanted->physical))
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
	                (watches(wanted.type) ? WATCHPOINTS_MAX : BREAKPOINTS_MAX))
		return "Bochs has no more of them";
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

unsigned
breakpoints_set_own(struct breakpoints *breakpoints, struct debuggee *debuggee, uint64_t address)
{
	const char *answer = bochs_ask(&debuggee->bochs, "lb 0x%" PRIx64, address);

	debuggee->gone = debuggee->gone || !answer;
	if (!answer || answer_is_error(answer))
		return 0;
	return ++breakpoints->next_number;
}

/* It is needed no more. */
void
breakpoints_delete_own(struct debuggee *debuggee, unsigned number)
{
	if (number > 0)
		bochs_ask(&debuggee->bochs, "d %u", number);
}

/* Take it out of Bochs. */
static void
take_out(struct debuggee *debuggee, struct wanted *wanted)
{
	if (!wanted->inserted)
		return;
	if (watches(wanted->type))
		bochs_ask(&debuggee->bochs, "unwatch 0x%" PRIx64, wanted->physical);
	else
		breakpoints_delete_own(debuggee, wanted->number);
	wanted->inserted = false;
}

/* Put it into Bochs. */
static bool
put_in(struct breakpoints *breakpoints, struct debuggee *debuggee, struct wanted *wanted)
{
	const char *answer = "";

	if (wanted->inserted)
		return true;
	if (!watches(wanted->type)) {
		wanted->number = breakpoints_set_own(breakpoints, debuggee, wanted->address);
		wanted->inserted = wanted->number > 0;
		return wanted->inserted;
	}
	if (wanted->type != GDB_WATCH_READ)
		answer = bochs_ask(&debuggee->bochs, "watch w 0x%" PRIx64 " %" PRIu64,
		        wanted->physical, wanted->length);
	if (answer && wanted->type != GDB_WATCH_WRITE)
		answer = bochs_ask(&debuggee->bochs, "watch r 0x%" PRIx64 " %" PRIu64,
		        wanted->physical, wanted->length);
	debuggee->gone = debuggee->gone || !answer;
	wanted->inserted = answer && !strstr(answer, "Too many");
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
		good &= put_in(breakpoints, debuggee, &breakpoints->wanted[i]);
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

/* The watchpoint that Bochs means: the access may begin before it. */
const struct wanted *
breakpoints_watch(const struct breakpoints *breakpoints, uint64_t physical, bool write)
{
	const struct wanted *best = NULL;

	for (int i = 0; i < breakpoints->count; i++) {
		const struct wanted *wanted = &breakpoints->wanted[i];

		if (!watches(wanted->type) || wanted->doomed ||
		        wanted->type == (write ? GDB_WATCH_READ : GDB_WATCH_WRITE))
			continue;
		if (physical < wanted->physical + wanted->length &&
		        physical + 64 > wanted->physical)
			best = wanted;
		if (physical >= wanted->physical && physical < wanted->physical + wanted->length)
			return wanted;
	}
	return best;
}
