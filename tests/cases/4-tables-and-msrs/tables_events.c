/* What comes of what a guest of lab 4 tries: UD2, INT, breakpoints, fetching from an XD page, SYSCALL
 * and SYSENTER. */
#include "tables_events.h"

#include <r33/events.h>
#include <r33/msr.h>

#include "../tests/guests/tables.h"
#include "lib/format.h"
#include "rules/names.h"

#define EVENT(vector, error_code) ((uint64_t)(error_code) << 32 | (EVENT_TAKEN + (vector)))

/* Error codes. */
#define ERROR_IN_IDT    2 /* bit 1: the vector in bits 15:3 is one of the IDT */
#define FETCH_FORBIDDEN 0x11
#define RESERVED_BIT    9

/* Breakpoint n in DR7: L and G in bits 2n and 2n + 1, R/W in bits 16 + 4n and the next (SDM 3B, "Debug
 * Control Register (DR7)"). */
#define DR7_ENABLED(dr7, n) ((dr7) >> (2 * (n)) & 3)
#define DR7_KIND(dr7, n)    ((dr7) >> (16 + 4 * (n)) & 3)
#define ON_EXECUTION        0
#define ON_WRITE            1
#define ON_ACCESS           3

uint64_t
tables_event_of_ud2(void)
{
	return EVENT(VECTOR_UD, 0);
}

uint64_t
tables_event_of_interrupt(bool ia32e_mode, uint64_t idt_limit)
{
	uint64_t gate_bytes = ia32e_mode ? 16 : 8;
	bool inside = TABLES_VECTOR * gate_bytes + gate_bytes - 1 <= idt_limit;

	return inside ? EVENT(TABLES_VECTOR, 0)
	              : EVENT(VECTOR_GP, TABLES_VECTOR << 3 | ERROR_IN_IDT);
}

uint64_t
tables_breakpoints(uint64_t dr7)
{
	bool instruction = DR7_ENABLED(dr7, 0) && DR7_KIND(dr7, 0) == ON_EXECUTION;
	bool datum = DR7_ENABLED(dr7, 1) &&
	             (DR7_KIND(dr7, 1) == ON_WRITE || DR7_KIND(dr7, 1) == ON_ACCESS);

	return instruction | (uint64_t)datum << 1;
}

/* Only 4-level and PAE paging have entries with a bit 63; without NXE it is reserved. */
uint64_t
tables_event_of_execute_disable(enum guest_mode mode, uint64_t efer)
{
	if (mode != GUEST_64BIT && mode != GUEST_COMPATIBILITY && mode != GUEST_32BIT_PAE)
		return CALL_RETURNED;
	return EVENT(VECTOR_PF, efer & EFER_NXE ? FETCH_FORBIDDEN : RESERVED_BIT);
}

uint64_t
tables_event_of_syscall(uint64_t efer)
{
	return efer & EFER_SCE ? SYSCALL_LANDED : EVENT(VECTOR_UD, 0);
}

uint64_t
tables_event_of_sysenter(uint32_t cs, uint64_t eip)
{
	return cs & 0xfffc ? eip : EVENT(VECTOR_GP, 0);
}

const char *
tables_describe_event(uint64_t event)
{
	static char texts[2][64];
	static unsigned next;
	char *text = texts[next++ % 2];
	unsigned vector = (uint32_t)event - EVENT_TAKEN;

	if (event == 0)
		return "nothing: it never got that far";
	if (event == CALL_RETURNED)
		return "the call returned";
	if (event == SYSCALL_LANDED)
		return "it landed in its handler";
	if (vector == TABLES_VECTOR)
		return "handler 30h";
	if (vector < 32)
		format_string(text, sizeof(texts[0]), "%s (error code %#lx)",
		        exception_name(vector), event >> 32);
	else
		format_string(text, sizeof(texts[0]), "%#lx", event);
	return text;
}

const char *
tables_describe_breakpoints(uint64_t breakpoints)
{
	static const char *const texts[] = { "none", "0 (an instruction)", "1 (a datum)", "both" };

	return texts[breakpoints & 3];
}
