/* The stopped machine: see debuggee.h. */
#include "debuggee.h"

#include <string.h>

#include <r33/segments.h>

enum { KNOWN_REGISTERS = 1, KNOWN_CONTROL = 2, KNOWN_BASES = 4, KNOWN_VMX = 8 };

void
debuggee_forget(struct debuggee *debuggee)
{
	debuggee->known = 0;
}

/* One part, which is asked for if it is not known. */
static bool
know(struct debuggee *debuggee, unsigned part, bool (*read)(struct debuggee *debuggee))
{
	if (!(debuggee->known & part) && read(debuggee))
		debuggee->known |= part;
	return debuggee->known & part;
}

bool
debuggee_registers(struct debuggee *debuggee)
{
	return know(debuggee, KNOWN_REGISTERS, debuggee->debugger->registers);
}

void
debuggee_registers_are_known(struct debuggee *debuggee)
{
	debuggee->known |= KNOWN_REGISTERS;
}

bool
debuggee_control_registers(struct debuggee *debuggee)
{
	return know(debuggee, KNOWN_CONTROL, debuggee->debugger->control_registers);
}

bool
debuggee_bases(struct debuggee *debuggee)
{
	return debuggee_registers(debuggee) &&
	       know(debuggee, KNOWN_BASES, debuggee->debugger->bases);
}

bool
debuggee_vmx(struct debuggee *debuggee)
{
	return know(debuggee, KNOWN_VMX, debuggee->debugger->vmx);
}

unsigned
debuggee_code_bits(const struct debuggee *debuggee)
{
	uint16_t rights = debuggee->cpu.segments[CPU_CS].access_rights;

	return rights & RIGHTS_L ? 64 : rights & RIGHTS_DB ? 32 : 16;
}

uint64_t
debuggee_code_base(const struct debuggee *debuggee)
{
	return debuggee_code_bits(debuggee) == 64 ? 0 : debuggee->cpu.segments[CPU_CS].base;
}

uint64_t
debuggee_stack_base(const struct debuggee *debuggee)
{
	return debuggee_code_bits(debuggee) == 64 ? 0 : debuggee->cpu.segments[CPU_SS].base;
}

/* The linear address of what runs next. */
uint64_t
debuggee_pc(const struct debuggee *debuggee)
{
	return debuggee->cpu.registers[CPU_RIP] + debuggee_code_base(debuggee);
}

bool
debuggee_translate(struct debuggee *debuggee, uint64_t linear, uint64_t *physical)
{
	return debuggee->debugger->translate(debuggee, linear, physical);
}

size_t
debuggee_read(struct debuggee *debuggee, uint64_t linear, uint8_t *bytes, size_t length)
{
	return debuggee->debugger->read(debuggee, linear, bytes, length);
}

size_t
debuggee_read_physical(struct debuggee *debuggee, uint64_t physical, uint8_t *bytes, size_t length)
{
	return debuggee->debugger->read_physical(debuggee, physical, bytes, length);
}

bool
debuggee_write_physical(
        struct debuggee *debuggee, uint64_t physical, const uint8_t *bytes, size_t length)
{
	return debuggee->debugger->write_physical(debuggee, physical, bytes, length);
}

/* Write memory by linear address: first see that all of it is there. */
bool
debuggee_write(struct debuggee *debuggee, uint64_t linear, const uint8_t *bytes, size_t length)
{
	for (int writing = 0; writing < 2; writing++) {
		size_t done = 0;

		while (done < length) {
			uint64_t physical, address = linear + done;
			size_t piece = LINEAR_PAGE_BYTES - address % LINEAR_PAGE_BYTES;

			if (piece > length - done)
				piece = length - done;
			if (!debuggee_translate(debuggee, address, &physical))
				return false;
			if (writing &&
			        !debuggee_write_physical(debuggee, physical, bytes + done, piece))
				return false;
			done += piece;
		}
	}
	return true;
}
