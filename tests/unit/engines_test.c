/* Unit tests of the engines: what r33 makes of Bochs' stderr, and how it starts QEMU. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include <cmocka.h>

#include "engine.h"
#include "file.h"

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

/* Whatever the model: QEMU's random numbers are the host's. */
static void
qemu_throws_no_dice(void **state)
{
	const char *const models[] = { engine_qemu.default_cpu, "max", "Skylake-Client,+vmx" };

	(void)state;
	for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
		struct machine machine = { .cpu = models[i], .iso = "image.iso" };
		const char *argv[ENGINE_ARGUMENTS] = { "qemu" };
		int at = 1;

		assert_true(engine_qemu.check_cpu(models[i]));
		assert_true(engine_qemu.prepare(&machine, argv));
		while (argv[at] && strcmp(argv[at], "-cpu") != 0)
			at++;
		assert_non_null(argv[at]);
		assert_non_null(strstr(argv[at + 1], ",-rdrand,-rdseed"));
		if (i > 0)
			assert_memory_equal(argv[at + 1], models[i], strlen(models[i]));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_a_line),
		cmocka_unit_test(machines_do_not_mix),
		cmocka_unit_test(qemu_throws_no_dice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
