/* What gdb asks for: the text of a packet, taken apart.  Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gdb_command_kind {
	GDB_UNKNOWN,   /* the answer is empty: not supported */
	GDB_MALFORMED, /* known, but not as the protocol has it */
	GDB_SUPPORTED,
	GDB_NO_ACKNOWLEDGEMENTS,
	GDB_READ_DESCRIPTION, /* from address, length bytes */
	GDB_WHY_STOPPED,
	GDB_READ_REGISTERS,
	GDB_WRITE_REGISTERS, /* data */
	GDB_READ_REGISTER,   /* number */
	GDB_WRITE_REGISTER,  /* number, data */
	GDB_READ_MEMORY,     /* address, length */
	GDB_WRITE_MEMORY,    /* address, length, data */
	GDB_INSERT,          /* number = type of breakpoint, address, length */
	GDB_REMOVE,
	GDB_RESUME_KINDS, /* vCont? */
	GDB_CONTINUE,
	GDB_STEP,
	GDB_STEP_RANGE, /* from address to address + length */
	GDB_MONITOR,    /* data */
	GDB_SELECT_THREAD,
	GDB_THREAD_ALIVE,
	GDB_CURRENT_THREAD,
	GDB_FIRST_THREADS,
	GDB_MORE_THREADS,
	GDB_ATTACHED,
	GDB_DETACH,
	GDB_KILL,
	GDB_VKILL,
};

struct gdb_command {
	enum gdb_command_kind kind;
	uint64_t address;
	uint64_t length;
	unsigned number;
	const char *data; /* hexadecimal digits, inside the packet's text */
	size_t data_length;
};

/* Types of breakpoints, as in Z0 to Z4. */
enum gdb_breakpoint_type {
	GDB_BREAK_SOFTWARE,
	GDB_BREAK_HARDWARE,
	GDB_WATCH_WRITE,
	GDB_WATCH_READ,
	GDB_WATCH_ACCESS,
};

/* Take a packet apart; text[length] must be 0. */
void gdb_command_parse(struct gdb_command *command, const char *text, size_t length);
