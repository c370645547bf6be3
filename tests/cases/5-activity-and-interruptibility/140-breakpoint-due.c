/* DR6 tells which one it was. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "breakpoint-due",
	.title = "a breakpoint that was met raises #DB before the first instruction",
	.points = 4,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .enabled_breakpoints = 1u << 1,
	        .due_dr6 = 0xffff0ff2 },
	.handlers = true,
	.own_exceptions = 1u << 1,
	.hint = "bit 12: at least one breakpoint was met that DR7 enables",
};
