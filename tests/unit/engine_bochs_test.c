/* Unit tests of what r33 makes of Bochs' stderr. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include <cmocka.h>

#include "engine.h"

/* Nothing is started here, and no file is written. */
bool
process_find_program(const char *name)
{
	return name != NULL;
}

int
process_start_output(struct child *child, struct spawn *spawn, bool with_errors, int *output)
{
	(void)child;
	(void)spawn;
	(void)with_errors;
	*output = -1;
	return 1;
}

enum wait_result
process_finish_output(
        struct child *child, int *output, take_function *take, void *context, int64_t wait_ms)
{
	(void)child;
	(void)output;
	(void)take;
	(void)context;
	(void)wait_ms;
	return WAIT_ENDED;
}

bool
write_file(const char *directory, const char *name, const char *text)
{
	(void)directory;
	(void)name;
	(void)text;
	return true;
}

void
engine_add_file(struct machine *machine, const char *name)
{
	(void)machine;
	(void)name;
}

static void
say(struct machine *machine, const char *bytes)
{
	engine_bochs.messages(machine, bytes, strlen(bytes));
}

/* A line is put together from the pieces that come. */
static void
pieces_make_a_line(void **state)
{
	struct machine machine = { .wait.channels[3].fd = -1 };

	(void)state;
	say(&machine, "no ");
	say(&machine, "bootable device\n00000000000i[SIM   ] chat");
	say(&machine, "ter\nthe end");
	assert_string_equal(machine.end.messages.bytes, "no bootable device\n");
	say(&machine, "\n");
	assert_string_equal(machine.end.messages.bytes, "no bootable device\nthe end\n");
}

/* What a machine began to say when it was ended is not the beginning of what the next one says. */
static void
machines_do_not_mix(void **state)
{
	struct machine first = { .wait.channels[3].fd = -1 };
	struct machine second = { .wait.channels[3].fd = -1 };

	(void)state;
	say(&first, "0000i[CPU0  ] half of a li");
	say(&second, "panic: no disk\n");
	assert_string_equal(second.end.messages.bytes, "panic: no disk\n");
	assert_int_equal(first.end.messages.bytes[0], 0);
	say(&first, "ne\n");
	assert_int_equal(first.end.messages.bytes[0], 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_a_line),
		cmocka_unit_test(machines_do_not_mix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
