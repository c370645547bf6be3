/*
 * Bochs is told what gdb wants, and only what has changed since it was told before.  In place of Bochs a
 * log of its commands, with 16 places for breakpoints.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gdb/bochs_writes.h"
#include "gdb/breakpoints.h"
#include "gdb/run.h"

enum { LOG_BYTES = 4096, BREAKPOINTS_MAX = BOCHS_BREAKPOINTS - OWN_BREAKPOINTS };

static struct breakpoints breakpoints;
static struct debuggee debuggee;
static char commands[LOG_BYTES]; /* separated by semicolons */
static int places_taken;
static bool is_gone;

/* A Bochs that takes all commands but one breakpoint too many. */
const char *
bochs_ask(struct bochs *bochs, const char *format, ...)
{
	size_t used = strlen(commands);
	va_list arguments;

	(void)bochs;
	if (is_gone)
		return NULL;
	va_start(arguments, format);
	vsnprintf(commands + used, sizeof(commands) - used, format, arguments);
	va_end(arguments);
	strncat(commands, ";", sizeof(commands) - strlen(commands) - 1);
	if (strncmp(commands + used, "lb", 2) == 0 && ++places_taken > BOCHS_BREAKPOINTS)
		return "Error: no more linear breakpoint slots left.\n";
	if (strncmp(commands + used, "d ", 2) == 0)
		places_taken--;
	return "";
}

/* Linear addresses below 1 MiB are mapped, 16 MiB further on. */
bool
debuggee_translate(struct debuggee *machine, uint64_t linear, uint64_t *physical)
{
	(void)machine;
	*physical = linear + 0x1000000;
	return linear < 0x100000;
}

/* Of registers nothing is written here. */
void
debuggee_forget(struct debuggee *machine)
{
	(void)machine;
}

bool
debuggee_registers(struct debuggee *machine)
{
	(void)machine;
	return false;
}

/* Anything else would be a mistake. */
bool
answer_is_error(const char *text)
{
	return strstr(text, "rror") != NULL;
}

/* Bochs, as far as it is asked here. */
static const struct debugger bochs = {
	.breakpoints_max = BREAKPOINTS_MAX,
	.watchpoints_max = BOCHS_BREAKPOINTS,
	.set_breakpoint = bochs_set_breakpoint,
	.clear_breakpoint = bochs_clear_breakpoint,
	.set_watchpoint = bochs_set_watchpoint,
	.clear_watchpoint = bochs_clear_watchpoint,
};

static int
begin(void **state)
{
	(void)state;
	memset(&breakpoints, 0, sizeof(breakpoints));
	commands[0] = '\0';
	places_taken = 0;
	is_gone = false;
	memset(&debuggee, 0, sizeof(debuggee));
	debuggee.debugger = &bochs;
	return 0;
}

static const char *
insert(unsigned type, uint64_t address, uint64_t length)
{
	const struct gdb_command command = {
		.kind = GDB_INSERT, .number = type, .address = address, .length = length
	};

	return breakpoints_insert(&breakpoints, &debuggee, &command);
}

static void
take_away(unsigned type, uint64_t address, uint64_t length)
{
	const struct gdb_command command = {
		.kind = GDB_REMOVE, .number = type, .address = address, .length = length
	};

	breakpoints_remove(&breakpoints, &command);
}

/* What Bochs is told when the machine is about to run. */
static const char *
told(void)
{
	commands[0] = '\0';
	assert_true(breakpoints_apply(&breakpoints, &debuggee));
	return commands;
}

/* Nothing is told before the machine runs; out and in again at a stop is nothing at all. */
static void
only_changes_are_told(void **state)
{
	(void)state;
	assert_null(insert(GDB_BREAK_SOFTWARE, 0x1000, 1));
	assert_null(insert(GDB_BREAK_HARDWARE, 0x2000, 1));
	assert_string_equal(commands, "");
	assert_string_equal(told(), "lb 0x1000;lb 0x2000;");
	take_away(GDB_BREAK_SOFTWARE, 0x1000, 1);
	take_away(GDB_BREAK_HARDWARE, 0x2000, 1);
	assert_false(breakpoints_has(&breakpoints, 0x1000));
	assert_null(insert(GDB_BREAK_SOFTWARE, 0x1000, 1));
	assert_null(insert(GDB_BREAK_HARDWARE, 0x2000, 1));
	assert_true(breakpoints_has(&breakpoints, 0x1000));
	assert_string_equal(told(), "");
	/* Bochs counts on: 1 and 2 are those, a new one is 3. */
	take_away(GDB_BREAK_SOFTWARE, 0x1000, 1);
	assert_null(insert(GDB_BREAK_SOFTWARE, 0x3000, 1));
	assert_string_equal(told(), "d 1;lb 0x3000;");
	take_away(GDB_BREAK_SOFTWARE, 0x3000, 1);
	assert_string_equal(told(), "d 3;");
	assert_true(breakpoints_has(&breakpoints, 0x2000));
	assert_false(breakpoints_has(&breakpoints, 0x3000));
}

/* Our own breakpoints count as well, in Bochs' numbers. */
static void
own_breakpoints_are_counted(void **state)
{
	unsigned own;

	(void)state;
	own = bochs_set_breakpoint(&debuggee, 0x500);
	assert_int_equal(own, 1);
	assert_null(insert(GDB_BREAK_SOFTWARE, 0x1000, 1));
	assert_string_equal(told(), "lb 0x1000;");
	bochs_clear_breakpoint(&debuggee, own, 0x500);
	take_away(GDB_BREAK_SOFTWARE, 0x1000, 1);
	assert_string_equal(told(), "d 2;");
}

/* gdb may have as many as leave room for ours; one more is refused, and one less makes room. */
static void
there_is_an_end(void **state)
{
	(void)state;
	for (unsigned i = 0; i < BREAKPOINTS_MAX; i++)
		assert_null(insert(GDB_BREAK_SOFTWARE, 0x1000 + i, 1));
	assert_non_null(insert(GDB_BREAK_SOFTWARE, 0x9000, 1));
	assert_null(insert(GDB_BREAK_SOFTWARE, 0x1000, 1));
	told();
	for (int i = 0; i < OWN_BREAKPOINTS; i++)
		assert_int_not_equal(bochs_set_breakpoint(&debuggee, 0x500), 0);
	assert_int_equal(bochs_set_breakpoint(&debuggee, 0x500), 0);
	take_away(GDB_BREAK_SOFTWARE, 0x1000, 1);
	assert_null(insert(GDB_BREAK_SOFTWARE, 0x9000, 1));
}

/* Watchpoints go by physical address; an access watchpoint is two of Bochs'. */
static void
watchpoints_are_physical(void **state)
{
	const struct wanted *wanted;

	(void)state;
	assert_null(insert(GDB_WATCH_WRITE, 0x1000, 8));
	assert_null(insert(GDB_WATCH_READ, 0x2000, 4));
	assert_null(insert(GDB_WATCH_ACCESS, 0x3000, 2));
	assert_string_equal(told(), "watch w 0x1001000 8;watch r 0x1002000 4;"
	                            "watch w 0x1003000 2;watch r 0x1003000 2;");
	assert_non_null(insert(GDB_WATCH_WRITE, 0x200000, 8));
	assert_non_null(insert(GDB_WATCH_WRITE, 0x1ffc, 8));
	assert_non_null(insert(GDB_WATCH_WRITE, 0x1000, 0));
	wanted = breakpoints_watch(&breakpoints, &debuggee, 0x1001004, true);
	assert_non_null(wanted);
	assert_int_equal(wanted->address, 0x1000);
	assert_null(breakpoints_watch(&breakpoints, &debuggee, 0x1001004, false));
	wanted = breakpoints_watch(&breakpoints, &debuggee, 0x1003001, false);
	assert_non_null(wanted);
	assert_int_equal(wanted->type, GDB_WATCH_ACCESS);
	take_away(GDB_WATCH_WRITE, 0x1000, 8);
	assert_null(breakpoints_watch(&breakpoints, &debuggee, 0x1001004, true));
	assert_string_equal(told(), "unwatch 0x1001000;");
}

/* QEMU goes by linear address: nothing has to be mapped, and another page may follow. */
static void
watchpoints_may_be_linear(void **state)
{
	struct debugger linear = bochs;
	const struct wanted *wanted;

	(void)state;
	linear.watches_linear = true;
	debuggee.debugger = &linear;
	assert_null(insert(GDB_WATCH_WRITE, 0x200000, 8));
	assert_string_equal(told(), "watch w 0x200000 8;");
	wanted = breakpoints_watch(&breakpoints, &debuggee, 0x200004, true);
	assert_non_null(wanted);
	assert_int_equal(wanted->address, 0x200000);
	assert_null(breakpoints_watch(&breakpoints, &debuggee, 0x200040, true));
	take_away(GDB_WATCH_WRITE, 0x200000, 8);
	assert_string_equal(told(), "unwatch 0x200000;");
}

/* A Bochs that is gone has not refused a breakpoint: who asks is told which it was. */
static void
a_bochs_that_is_gone_is_noticed(void **state)
{
	(void)state;
	assert_null(insert(GDB_BREAK_SOFTWARE, 0x1000, 1));
	is_gone = true;
	assert_false(breakpoints_apply(&breakpoints, &debuggee));
	assert_true(debuggee.gone);
	begin(state);
	assert_null(insert(GDB_WATCH_WRITE, 0x1000, 8));
	is_gone = true;
	assert_false(breakpoints_apply(&breakpoints, &debuggee));
	assert_true(debuggee.gone);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(only_changes_are_told, begin),
		cmocka_unit_test_setup(own_breakpoints_are_counted, begin),
		cmocka_unit_test_setup(watchpoints_may_be_linear, begin),
		cmocka_unit_test_setup(there_is_an_end, begin),
		cmocka_unit_test_setup(watchpoints_are_physical, begin),
		cmocka_unit_test_setup(a_bochs_that_is_gone_is_noticed, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
