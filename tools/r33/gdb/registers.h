/* The registers as gdb sees them: their description, and their values as digits. */
#pragma once

#include "debuggee.h"

enum { GDB_REGISTER_DIGITS = 32 }; /* of one, at most, with the terminator */

/* Numbers that stop replies carry. */
enum { GDB_RBP = 6, GDB_RSP = 7, GDB_RIP = 16, GDB_RFLAGS = 17 };

/* The target description in XML; the caller frees it. */
char *gdb_target_description(void);

/* A register's value, in the target's byte order; 'x' where it is not known.  False: no such register. */
bool gdb_register_digits(
        struct debuggee *debuggee, unsigned number, char digits[GDB_REGISTER_DIGITS]);

/* What "g" answers: the registers of the core feature; gdb asks for the others when it wants them. */
void gdb_core_digits(struct debuggee *debuggee, char *digits, size_t room);

/* Write a register.  False: Bochs cannot. */
bool gdb_register_write(struct debuggee *debuggee, unsigned number, uint64_t value);

/* How many bytes a register has; 0: no such register. */
unsigned gdb_register_bytes(unsigned number);
