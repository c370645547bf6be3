/* What gdb asks for is taken apart as its protocol has it; what is not is malformed, never guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "gdb/command.h"

static const struct {
	const char *text;
	enum gdb_command_kind kind;
	uint64_t address, length;
	unsigned number;
	const char *data;
} commands[] = {
	{ "?", GDB_WHY_STOPPED, 0, 0, 0, NULL },
	{ "g", GDB_READ_REGISTERS, 0, 0, 0, NULL },
	{ "G0011", GDB_WRITE_REGISTERS, 0, 0, 0, "0011" },
	{ "p1f", GDB_READ_REGISTER, 0, 0, 0x1f, NULL },
	{ "P10=0102030405060708", GDB_WRITE_REGISTER, 0, 0, 0x10, "0102030405060708" },
	{ "m40000000,40", GDB_READ_MEMORY, 0x40000000, 0x40, 0, NULL },
	{ "mffffffffffffffff,1", GDB_READ_MEMORY, UINT64_MAX, 1, 0, NULL },
	{ "M7fefffe8,2:beef", GDB_WRITE_MEMORY, 0x7fefffe8, 2, 0, "beef" },
	{ "Z0,1025b6,1", GDB_INSERT, 0x1025b6, 1, GDB_BREAK_SOFTWARE, NULL },
	{ "z4,1001000,8", GDB_REMOVE, 0x1001000, 8, GDB_WATCH_ACCESS, NULL },
	{ "vCont?", GDB_RESUME_KINDS, 0, 0, 0, NULL },
	{ "vCont;c", GDB_CONTINUE, 0, 0, 0, NULL },
	{ "vCont;c:p1.-1", GDB_CONTINUE, 0, 0, 0, NULL },
	{ "vCont;C05;c", GDB_CONTINUE, 0, 0, 0, NULL },
	{ "vCont;s:1;c", GDB_STEP, 0, 0, 0, NULL },
	{ "vCont;S05:1", GDB_STEP, 0, 0, 0, NULL },
	{ "vCont;r1000,1010:1", GDB_STEP_RANGE, 0x1000, 0x10, 0, NULL },
	{ "vKill;1", GDB_VKILL, 0, 0, 0, NULL },
	{ "qSupported:multiprocess+;swbreak+", GDB_SUPPORTED, 0, 0, 0, NULL },
	{ "QStartNoAckMode", GDB_NO_ACKNOWLEDGEMENTS, 0, 0, 0, NULL },
	{ "qXfer:features:read:target.xml:0,ffb", GDB_READ_DESCRIPTION, 0, 0xffb, 0, NULL },
	{ "qRcmd,766d6373", GDB_MONITOR, 0, 0, 0, "766d6373" },
	{ "qC", GDB_CURRENT_THREAD, 0, 0, 0, NULL },
	{ "qfThreadInfo", GDB_FIRST_THREADS, 0, 0, 0, NULL },
	{ "qsThreadInfo", GDB_MORE_THREADS, 0, 0, 0, NULL },
	{ "qAttached", GDB_ATTACHED, 0, 0, 0, NULL },
	{ "Hg0", GDB_SELECT_THREAD, 0, 0, 0, NULL },
	{ "T1", GDB_THREAD_ALIVE, 0, 0, 0, NULL },
	{ "D", GDB_DETACH, 0, 0, 0, NULL },
	{ "k", GDB_KILL, 0, 0, 0, NULL },
	{ "c", GDB_CONTINUE, 0, 0, 0, NULL },
	{ "s", GDB_STEP, 0, 0, 0, NULL },

	/* Not ours: the answer is empty, and gdb does without. */
	{ "", GDB_UNKNOWN, 0, 0, 0, NULL },
	{ "vMustReplyEmpty", GDB_UNKNOWN, 0, 0, 0, NULL },
	{ "X1000,0:", GDB_UNKNOWN, 0, 0, 0, NULL },
	{ "qXfer:memory-map:read::0,ffb", GDB_UNKNOWN, 0, 0, 0, NULL },
	{ "qTStatus", GDB_UNKNOWN, 0, 0, 0, NULL },

	/* Ours, but not as the protocol has it. */
	{ "m", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "m1000", GDB_MALFORMED, 0x1000, 0, 0, NULL },
	{ "m1000,", GDB_MALFORMED, 0x1000, 0, 0, NULL },
	{ "m1000,40x", GDB_MALFORMED, 0x1000, 0x40, 0, NULL },
	{ "m10000000000000000,1", GDB_MALFORMED, 0x1000000000000000, 0, 0, NULL },
	{ "M1000,2", GDB_MALFORMED, 0x1000, 2, 0, NULL },
	{ "P10", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "p", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "p10000", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "Z5,1000,1", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "Z0,1000,1;X1,2", GDB_MALFORMED, 0x1000, 1, 0, NULL },
	{ "vCont;", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "vCont;x", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "vCont;C", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "vCont;cx", GDB_MALFORMED, 0, 0, 0, NULL },
	{ "vCont;r1000", GDB_MALFORMED, 0x1000, 0, 0, NULL },
	{ "vCont;r1000,fff", GDB_MALFORMED, 0x1000, 0, 0, NULL },
	{ "gg", GDB_MALFORMED, 0, 0, 0, NULL },
};

static void
commands_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(commands); i++) {
		struct gdb_command command;

		gdb_command_parse(&command, commands[i].text, strlen(commands[i].text));
		if (command.kind != commands[i].kind)
			fail_msg("\"%s\" is of kind %d, not %d", commands[i].text, command.kind,
			        commands[i].kind);
		if (command.kind == GDB_MALFORMED)
			continue;
		if (command.address != commands[i].address ||
		        command.length != commands[i].length ||
		        command.number != commands[i].number)
			fail_msg("the numbers of \"%s\"", commands[i].text);
		if (!commands[i].data)
			continue;
		assert_int_equal(command.data_length, strlen(commands[i].data));
		assert_memory_equal(command.data, commands[i].data, command.data_length);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_taken_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
