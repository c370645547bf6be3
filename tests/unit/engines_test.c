/* Unit tests of the engines: what r33 makes of what they print, and how it starts them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <r33/array.h>

#include "base/file.h"
#include "base/util.h"
#include "machine/bochs.h"

/* Nothing is started here, and no file is written; a program has its help text from here. */
static const char *help;

bool
process_find_program(const char *name)
{
	return name != NULL;
}

static const char *program_path; /* where Bochs lies */

char *
process_program_in(const char *directories, const char *name)
{
	(void)directories;
	(void)name;
	return copy_string(program_path);
}

const char *
process_search_path(void)
{
	return "";
}

int
process_start_output(struct child *child, struct spawn *spawn, bool with_errors, int *output)
{
	(void)child;
	(void)spawn;
	(void)with_errors;
	*output = -1;
	return help ? 0 : 1;
}

enum wait_result
process_finish_output(
        struct child *child, int *output, take_function *take, void *context, int64_t wait_ms)
{
	(void)child;
	(void)output;
	(void)wait_ms;
	take(context, help, strlen(help));
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

/* What follows this word on QEMU's command line, NULL without it. */
static const char *
qemu_option(struct machine *machine, const char *word)
{
	static const char *argv[ENGINE_ARGUMENTS];

	memset(argv, 0, sizeof(argv));
	argv[0] = "qemu";
	assert_true(engine_qemu.prepare(machine, argv));
	for (int i = 1; argv[i]; i++)
		if (strcmp(argv[i], word) == 0)
			return argv[i + 1];
	return NULL;
}

/* With KVM the processor is what QEMU calls by that name.  Whatever it is: its random numbers are the host's,
 * and so is its clock. */
static void
qemu_throws_no_dice(void **state)
{
	const char *const models[] = { "host", "max", "Skylake-Client,+vmx" };

	(void)state;
	for (size_t i = 0; i < COUNT(models); i++) {
		struct machine machine = { .cpu = models[i], .iso = "image.iso" };
		const char *option = qemu_option(&machine, "-cpu");

		assert_true(engine_qemu.check_cpu(models[i]));
		assert_non_null(strstr(option, ",-rdrand,-rdseed"));
		assert_memory_equal(option, models[i], strlen(models[i]));
		assert_string_equal(qemu_option(&machine, "-accel"), "kvm");
		assert_null(qemu_option(&machine, "-icount"));
	}
	assert_false(engine_qemu.check_cpu("host -S"));
	assert_false(engine_qemu.check_cpu(""));
}

/* A model of the course is QEMU's own processor, and time goes by instructions. */
static void
qemu_is_the_model_itself(void **state)
{
	struct caps model = { .capabilities = { .physical_address_width = 40 } };
	struct machine machine = { .cpu = "tigerlake", .iso = "image.iso", .model = &model };

	(void)state;
	assert_memory_equal(qemu_option(&machine, "-cpu"),
	        "max,vendor=GenuineIntel,phys-bits=40,-rdrand,-rdseed", 52);
	assert_string_equal(qemu_option(&machine, "-accel"), "tcg");
	assert_string_equal(qemu_option(&machine, "-icount"), "shift=7,sleep=off");
	/* With each stop of a debugger time would jump to the next tick. */
	machine.debugged = true;
	assert_string_equal(qemu_option(&machine, "-icount"), "shift=7,sleep=on");
}

/* The user's word counts; Bochs has no choice. */
static void
accelerators_are_settled(void **state)
{
	(void)state;
	assert_int_equal(engine_qemu.accelerate(ACCELERATOR_TCG), ACCELERATOR_TCG);
	assert_int_equal(engine_qemu.accelerate(ACCELERATOR_KVM), ACCELERATOR_KVM);
	assert_int_not_equal(engine_qemu.accelerate(ACCELERATOR_AUTO), ACCELERATOR_AUTO);
	assert_int_equal(engine_bochs.accelerate(ACCELERATOR_AUTO), ACCELERATOR_AUTO);
}

/* What the programs print of themselves: Debian 12's and 13's, one that a distribution has patched, and
 * none. */
static void
versions_are_read(void **state)
{
	static const struct {
		const struct engine *engine;
		const char *text, *version;
	} examples[] = {
		{ &engine_bochs,
		        "00000000000i[SIM   ] quit_sim called with exit code 0\n"
		        "=====\n                        Bochs x86 Emulator 2.7\n"
		        "              Built from SVN snapshot on August  1, 2021\n",
		        "2.7" },
		{ &engine_bochs,
		        "                        Bochs x86 Emulator 3.0\n"
		        "            Built from GitHub snapshot on February 16, 2025\n",
		        "3.0" },
		{ &engine_bochs, "Bochs x86 Emulator 3.0.devel\x1b[31m\n", "3.0.devel" },
		{ &engine_bochs, "Bochs x86 Emulator ", "" },
		{ &engine_bochs, "Bochs x86 Emulator 1234567890123456789012345678901234567890",
		        "1234567890123456789012345678901" },
		{ &engine_bochs, "QEMU emulator version 7.2.22\n", "" },
		{ &engine_qemu, "QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)\n",
		        "10.0.13" },
		{ &engine_qemu, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		char version[ENGINE_VERSION_BYTES];

		engine_version_in(examples[i].engine->version_follows, examples[i].text, version);
		assert_string_equal(version, examples[i].version);
	}
}

/* An empty file in a new directory below the given one; the path, to be freed. */
static char *
make_file(const char *root, const char *directory, const char *name)
{
	char *command = new_string(
	        "mkdir -p '%s/%s' && : >'%s/%s/%s'", root, directory, root, directory, name);
	char *path = new_string("%s/%s/%s", root, directory, name);

	assert_int_equal(system(command), 0);
	free(command);
	return path;
}

/* The VGA BIOS has other names in other releases.  What BXSHARE says comes first, then what lies beside the
 * program. */
static void
vga_rom_is_found(void **state)
{
	static const char *const names[] = { "VGABIOS-lgpl-latest", "VGABIOS-lgpl-latest.bin" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char root[] = "/tmp/r33-rom-XXXXXX";
		char *share, *own, *found, *expected, *remove;

		assert_non_null(mkdtemp(root));
		share = make_file(root, "share/bochs", names[i]);
		program_path = new_string("%s/bin/bochs-bin", root);
		unsetenv("BXSHARE");
		free(make_file(root, "bin", "bochs-bin"));
		found = bochs_vga_rom();
		expected = new_string("%s/bin/../share/bochs/%s", root, names[i]);
		assert_string_equal(found, expected);
		free(found);

		own = make_file(root, "own", names[i]);
		free(expected);
		expected = new_string("%s/own", root);
		setenv("BXSHARE", expected, 1);
		found = bochs_vga_rom();
		assert_string_equal(found, own);
		unsetenv("BXSHARE");

		remove = new_string("rm -r '%s'", root);
		assert_int_equal(system(remove), 0);
		free(share);
		free(own);
		free(found);
		free(expected);
		free(remove);
		free((char *)program_path);
	}
}

/* The end of what the releases print. */
static const char help_of_2_7[] =
        "  -rc filename     execute debugger commands stored in file\n"
        "  -dbglog filename specify Bochs internal debugger log file name\n"
        "  --help           display this help and exit\n"
        "                        Bochs x86 Emulator 2.7\n";
static const char help_of_3_0[] =
        "                        Bochs x86 Emulator 3.0\n"
        "            Built from GitHub snapshot on February 16, 2025\n"
        "  -debugger        start Bochs internal debugger on startup\n"
        "  -rc filename     execute debugger commands stored in file\n"
        "  -dbglog filename specify Bochs internal debugger log file name\n";

static void
the_build_says_what_it_is(void **state)
{
	struct bochs_build build;

	(void)state;
	help = help_of_2_7;
	bochs_build_read(&build);
	assert_true(build.has_debugger);
	assert_false(build.debugger_by_option);
	assert_string_equal(build.version, "2.7");
	help = help_of_3_0;
	bochs_build_read(&build);
	assert_true(build.has_debugger);
	assert_true(build.debugger_by_option);
	assert_string_equal(build.version, "3.0");
	help = "no such program";
	bochs_build_read(&build);
	assert_false(build.has_debugger);
	help = NULL;
}

/* Is there such an argument? */
static bool
is_started_with(struct machine *machine, const char *argument)
{
	const char *argv[ENGINE_ARGUMENTS] = { "bochs" };

	assert_true(engine_bochs.prepare(machine, argv));
	for (int i = 0; argv[i]; i++) {
		if (strcmp(argv[i], argument) == 0)
			return true;
	}
	return false;
}

/* A run that nobody looks at is spared the debugger, and an older Bochs does not know the option. */
static void
the_debugger_comes_up_for_who_debugs(void **state)
{
	struct machine machine = { .cpu = "tigerlake", .iso = "image.iso" };

	(void)state;
	machine.debugger_by_option = true;
	assert_false(is_started_with(&machine, "-debugger"));
	assert_false(is_started_with(&machine, "-dbglog"));
	machine.debugged = true;
	assert_true(is_started_with(&machine, "-debugger"));
	assert_true(is_started_with(&machine, "-dbglog"));
	machine.debugger_by_option = false;
	assert_false(is_started_with(&machine, "-debugger"));
	assert_true(is_started_with(&machine, "/dev/fd/5"));
	machine.stub_port = 1234;
	assert_false(is_started_with(&machine, "-dbglog"));
}

/* What is shown to nobody is not there: QEMU 10 shares its surface in a way that is not allowed. */
static void
qemu_has_a_screen_if_somebody_looks(void **state)
{
	struct machine machine = { .cpu = "max", .iso = "image.iso" };

	(void)state;
	assert_string_equal(qemu_option(&machine, "-vga"), "none");
	machine.display = "gtk";
	assert_string_equal(qemu_option(&machine, "-vga"), "std");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_a_line),
		cmocka_unit_test(machines_do_not_mix),
		cmocka_unit_test(qemu_throws_no_dice),
		cmocka_unit_test(qemu_is_the_model_itself),
		cmocka_unit_test(accelerators_are_settled),
		cmocka_unit_test(the_build_says_what_it_is),
		cmocka_unit_test(the_debugger_comes_up_for_who_debugs),
		cmocka_unit_test(qemu_has_a_screen_if_somebody_looks),
		cmocka_unit_test(versions_are_read),
		cmocka_unit_test(vga_rom_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
