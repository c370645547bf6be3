/* What gdb asks for: see command.h. */
#include "command.h"

#include <string.h>

#include <r33/array.h>

#include "base/cursor.h"
#include "packet.h"

/* Nothing more. */
static bool
parse_end(struct gdb_command *command, struct cursor *rest)
{
	(void)command;
	return rest->at == rest->end;
}

/* What follows does not matter. */
static bool
parse_anything(struct gdb_command *command, struct cursor *rest)
{
	(void)command;
	(void)rest;
	return true;
}

/* "NUMBER" */
static bool
parse_register(struct gdb_command *command, struct cursor *rest)
{
	uint64_t number;

	if (!cursor_hexadecimal(rest, &number) || number > 0xffff)
		return false;
	command->number = (unsigned)number;
	return rest->at == rest->end;
}

/* All the rest are data. */
static bool
parse_data(struct gdb_command *command, struct cursor *rest)
{
	command->data = rest->at;
	command->data_length = (size_t)(rest->end - rest->at);
	return true;
}

/* "NUMBER=DATA" */
static bool
parse_register_value(struct gdb_command *command, struct cursor *rest)
{
	uint64_t number;

	if (!cursor_hexadecimal(rest, &number) || number > 0xffff || !cursor_take(rest, '='))
		return false;
	command->number = (unsigned)number;
	return parse_data(command, rest);
}

/* "ADDRESS,LENGTH" */
static bool
parse_span(struct gdb_command *command, struct cursor *rest)
{
	return cursor_hexadecimal(rest, &command->address) && cursor_take(rest, ',') &&
	       cursor_hexadecimal(rest, &command->length) && rest->at == rest->end;
}

/* "ADDRESS,LENGTH:DATA" */
static bool
parse_write(struct gdb_command *command, struct cursor *rest)
{
	return cursor_hexadecimal(rest, &command->address) && cursor_take(rest, ',') &&
	       cursor_hexadecimal(rest, &command->length) && cursor_take(rest, ':') &&
	       parse_data(command, rest);
}

/* "TYPE,ADDRESS,KIND"; conditions, which are not offered, are refused. */
static bool
parse_breakpoint(struct gdb_command *command, struct cursor *rest)
{
	uint64_t type;

	if (!cursor_hexadecimal(rest, &type) || type > GDB_WATCH_ACCESS || !cursor_take(rest, ','))
		return false;
	command->number = (unsigned)type;
	return parse_span(command, rest);
}

/* "c", "s", "CSIGNAL", "SSIGNAL" or "rSTART,END", then ":THREAD" and ";" more, which do not matter:
 * there is one thread. */
static bool
parse_resume(struct gdb_command *command, struct cursor *rest)
{
	uint64_t number;
	char action = rest->at < rest->end ? *rest->at++ : '\0';

	switch (action) {
	case 'C':
		if (!cursor_hexadecimal(rest, &number))
			return false;
		/* fall through */
	case 'c': command->kind = GDB_CONTINUE; break;
	case 'S':
		if (!cursor_hexadecimal(rest, &number))
			return false;
		/* fall through */
	case 's': command->kind = GDB_STEP; break;
	case 'r':
		if (!cursor_hexadecimal(rest, &command->address) || !cursor_take(rest, ',') ||
		        !cursor_hexadecimal(rest, &number) || number < command->address)
			return false;
		command->length = number - command->address;
		command->kind = GDB_STEP_RANGE;
		break;
	default: return false;
	}
	return rest->at == rest->end || *rest->at == ':' || *rest->at == ';';
}

/* In the order of the table the first that fits counts. */
static const struct {
	const char *prefix;
	enum gdb_command_kind kind;
	bool (*parse)(struct gdb_command *command, struct cursor *rest);
} commands[] = {
	{ "?", GDB_WHY_STOPPED, parse_end },
	{ "g", GDB_READ_REGISTERS, parse_end },
	{ "G", GDB_WRITE_REGISTERS, parse_data },
	{ "p", GDB_READ_REGISTER, parse_register },
	{ "P", GDB_WRITE_REGISTER, parse_register_value },
	{ "m", GDB_READ_MEMORY, parse_span },
	{ "M", GDB_WRITE_MEMORY, parse_write },
	{ "Z", GDB_INSERT, parse_breakpoint },
	{ "z", GDB_REMOVE, parse_breakpoint },
	{ "vCont?", GDB_RESUME_KINDS, parse_end },
	{ "vCont;", GDB_CONTINUE, parse_resume },
	{ "vKill;", GDB_VKILL, parse_anything },
	{ "qSupported", GDB_SUPPORTED, parse_anything },
	{ "QStartNoAckMode", GDB_NO_ACKNOWLEDGEMENTS, parse_end },
	{ "qXfer:features:read:target.xml:", GDB_READ_DESCRIPTION, parse_span },
	{ "qRcmd,", GDB_MONITOR, parse_data },
	{ "qC", GDB_CURRENT_THREAD, parse_end },
	{ "qfThreadInfo", GDB_FIRST_THREADS, parse_end },
	{ "qsThreadInfo", GDB_MORE_THREADS, parse_end },
	{ "qAttached", GDB_ATTACHED, parse_anything },
	{ "H", GDB_SELECT_THREAD, parse_anything },
	{ "T", GDB_THREAD_ALIVE, parse_anything },
	{ "D", GDB_DETACH, parse_anything },
	{ "k", GDB_KILL, parse_anything },
	{ "c", GDB_CONTINUE, parse_end },
	{ "s", GDB_STEP, parse_end },
};

void
gdb_command_parse(struct gdb_command *command, const char *text, size_t length)
{
	*command = (struct gdb_command){ .kind = GDB_UNKNOWN };
	for (size_t i = 0; i < COUNT(commands); i++) {
		size_t prefix_length = strlen(commands[i].prefix);
		struct cursor rest = { text + prefix_length, text + length };

		if (length < prefix_length || memcmp(text, commands[i].prefix, prefix_length) != 0)
			continue;
		command->kind = commands[i].kind;
		if (!commands[i].parse(command, &rest))
			command->kind = GDB_MALFORMED;
		return;
	}
}
