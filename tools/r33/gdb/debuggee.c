/* The stopped machine in Bochs: see debuggee.h. */
#include "debuggee.h"

#include <inttypes.h>
#include <string.h>

#include <r33/array.h>
#include <r33/segments.h>

enum { KNOWN_REGISTERS = 1, KNOWN_CONTROL = 2, KNOWN_BASES = 4, KNOWN_VMX = 8 };

enum { READ_AT_ONCE = 1024, SHUT_DOWN = 2 };

void
debuggee_forget(struct debuggee *debuggee)
{
	debuggee->known = 0;
}

/* Ask, and note when Bochs has ended. */
static const char *
ask(struct debuggee *debuggee, const char *command)
{
	const char *answer = bochs_ask(&debuggee->bochs, "%s", command);

	debuggee->gone = debuggee->gone || !answer;
	return answer;
}

bool
debuggee_take_registers(struct debuggee *debuggee, const char *answer)
{
	if (!answer_registers(answer, &debuggee->cpu) || !answer_segments(answer, &debuggee->cpu))
		return false;
	debuggee->known |= KNOWN_REGISTERS;
	return true;
}

bool
debuggee_registers(struct debuggee *debuggee)
{
	const char *answer;

	if (debuggee->known & KNOWN_REGISTERS)
		return true;
	answer = ask(debuggee, "r\nsreg");
	return answer && debuggee_take_registers(debuggee, answer);
}

/* CR0 to CR8, EFER. */
bool
debuggee_control_registers(struct debuggee *debuggee)
{
	const char *answer;

	if (debuggee->known & KNOWN_CONTROL)
		return true;
	answer = ask(debuggee, "creg");
	if (!answer || !answer_control_registers(answer, &debuggee->cpu))
		return false;
	debuggee->known |= KNOWN_CONTROL;
	return true;
}

/* The bases of FS, GS, LDTR and TR in full; those of the others have 32 bits. */
bool
debuggee_bases(struct debuggee *debuggee)
{
	static const struct {
		const char *name;
		enum cpu_segment segment;
	} wide[] = { { "cpu0.FS.base", CPU_FS }, { "cpu0.GS.base", CPU_GS },
		{ "cpu0.LDTR.base", CPU_LDTR }, { "cpu0.TR.base", CPU_TR } };

	if (debuggee->known & KNOWN_BASES)
		return true;
	if (!debuggee_registers(debuggee))
		return false;
	for (size_t i = 0; i < COUNT(wide); i++) {
		if (!bochs_parameter(&debuggee->bochs, wide[i].name,
		            &debuggee->cpu.segments[wide[i].segment].base))
			return false;
	}
	debuggee->known |= KNOWN_BASES;
	return true;
}

/* In VMX operation, in the guest? */
bool
debuggee_vmx(struct debuggee *debuggee)
{
	uint64_t in_vmx, in_guest;

	if (debuggee->known & KNOWN_VMX)
		return true;
	if (!bochs_parameter(&debuggee->bochs, "cpu0.VMX.in_vmx", &in_vmx) ||
	        !bochs_parameter(&debuggee->bochs, "cpu0.VMX.in_vmx_guest", &in_guest))
		return false;
	debuggee->vmx = in_guest ? VMX_GUEST : in_vmx ? VMX_ROOT : VMX_OFF;
	debuggee->known |= KNOWN_VMX;
	return true;
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
	const char *answer = bochs_ask(&debuggee->bochs, "page 0x%" PRIx64, linear);

	return answer && answer_translation(answer, linear, physical);
}

/* Read with this command, "x" or "xp". */
static size_t
read_by(struct debuggee *debuggee, const char *command, uint64_t address, uint8_t *bytes,
        size_t length)
{
	size_t done = 0;

	while (done < length) {
		size_t piece = length - done < READ_AT_ONCE ? length - done : READ_AT_ONCE;
		const char *answer = bochs_ask(
		        &debuggee->bochs, "%s /%zubmx 0x%" PRIx64, command, piece, address + done);
		size_t count = answer_memory(answer, bytes + done, piece);

		done += count;
		if (count < piece)
			break;
	}
	return done;
}

/* Read memory by linear address. */
size_t
debuggee_read(struct debuggee *debuggee, uint64_t linear, uint8_t *bytes, size_t length)
{
	return read_by(debuggee, "x", linear, bytes, length);
}

size_t
debuggee_read_physical(struct debuggee *debuggee, uint64_t physical, uint8_t *bytes, size_t length)
{
	return read_by(debuggee, "xp", physical, bytes, length);
}

/* Write memory by physical address; eight bytes are two commands for Bochs. */
bool
debuggee_write_physical(
        struct debuggee *debuggee, uint64_t physical, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		size_t piece = length >= 4 ? 4 : 1;
		uint32_t value = 0;
		const char *answer;

		memcpy(&value, bytes, piece);
		answer = bochs_ask(&debuggee->bochs, "setpmem 0x%" PRIx64 " %zu 0x%" PRIx32,
		        physical, piece, value);
		if (!answer || answer_is_error(answer))
			return false;
		physical += piece;
		bytes += piece;
		length -= piece;
	}
	return true;
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
