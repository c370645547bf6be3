/* What Bochs' debugger is told: registers, breakpoints, watchpoints. */
#include "bochs_writes.h"

#include <inttypes.h>
#include <string.h>

#include "command.h"

/* Is it so now? */
static bool
has_flags(struct debuggee *debuggee, uint64_t value)
{
	debuggee_forget(debuggee);
	return debuggee_registers(debuggee) && debuggee->cpu.rflags == value;
}

static bool
has_value(struct debuggee *debuggee, unsigned index, uint64_t value)
{
	debuggee_forget(debuggee);
	return debuggee_registers(debuggee) && debuggee->cpu.registers[index] == value;
}

/* Tell Bochs, in a way that it may take amiss. */
static void
set_flags(struct debuggee *debuggee, uint64_t told)
{
	bochs_ask(&debuggee->bochs, "set $eflags = 0x%" PRIx64, told);
}

/* Tell Bochs the value, and see whether it is in the register then. */
static bool
set_general(struct debuggee *debuggee, const char *name, unsigned index, uint64_t value)
{
	bochs_ask(&debuggee->bochs, "set %s = 0x%" PRIx64, name, value);
	return has_value(debuggee, index, value);
}

/*
 * Bochs 2.7 and 3.0 store bit 9 of what they are told as DF and bit 10 as OF, and change neither IF, TF,
 * NT nor IOPL.  One without that mistake takes the value as it is.
 */
bool
bochs_write_flags(struct debuggee *debuggee, uint64_t value)
{
	enum { STATUS = 0xd5, KEPT = 0xf100, DF = 0x400, OF = 0x800 };
	uint64_t old = debuggee->cpu.rflags;
	uint64_t shifted = (value & STATUS) | (value & DF) >> 1 | (value & OF) >> 1 | (old & KEPT);

	set_flags(debuggee, shifted);
	if (has_flags(debuggee, value))
		return true;
	set_flags(debuggee, value);
	if (has_flags(debuggee, value))
		return true;
	set_flags(debuggee, (old & STATUS) | (old & DF) >> 1 | (old & OF) >> 1 | (old & KEPT));
	if (!has_flags(debuggee, old))
		set_flags(debuggee, old);
	debuggee_forget(debuggee);
	return false;
}

/* Outside of 64-bit code Bochs takes the names of 32 bits only. */
bool
bochs_write_general(struct debuggee *debuggee, unsigned index, uint64_t value)
{
	static const char *const names[CPU_REGISTERS] = { "rax", "rbx", "rcx", "rdx", "rsi", "rdi",
		"rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip" };
	char narrow[] = "e..";

	if (set_general(debuggee, names[index], index, value))
		return true;
	if ((index >= CPU_R8 && index != CPU_RIP) || value > UINT32_MAX)
		return false;
	memcpy(narrow + 1, names[index] + 1, 2);
	return set_general(debuggee, narrow, index, value);
}

unsigned
bochs_set_breakpoint(struct debuggee *debuggee, uint64_t address)
{
	const char *answer = bochs_ask(&debuggee->bochs, "lb 0x%" PRIx64, address);

	debuggee->gone = debuggee->gone || !answer;
	if (!answer || answer_is_error(answer))
		return 0;
	return ++debuggee->bochs.breakpoint_number;
}

void
bochs_clear_breakpoint(struct debuggee *debuggee, unsigned number, uint64_t address)
{
	(void)address;
	bochs_ask(&debuggee->bochs, "d %u", number);
}

bool
bochs_set_watchpoint(struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length)
{
	const char *answer = "";

	if (type != GDB_WATCH_READ)
		answer = bochs_ask(
		        &debuggee->bochs, "watch w 0x%" PRIx64 " %" PRIu64, address, length);
	if (answer && type != GDB_WATCH_WRITE)
		answer = bochs_ask(
		        &debuggee->bochs, "watch r 0x%" PRIx64 " %" PRIu64, address, length);
	debuggee->gone = debuggee->gone || !answer;
	return answer && !strstr(answer, "Too many");
}

void
bochs_clear_watchpoint(struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length)
{
	(void)type;
	(void)length;
	bochs_ask(&debuggee->bochs, "unwatch 0x%" PRIx64, address);
}
