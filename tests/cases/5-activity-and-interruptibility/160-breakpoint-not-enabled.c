/* Its bit in DR6 may be set all the same. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "breakpoint-not-enabled",
	.title = "a breakpoint that is not enabled raises nothing",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .enabled_breakpoints = 1u << 2,
	        .due_dr6 = 0xffff0ff1 },
	.handlers = true,
	.own_exceptions = 1u << 1,
	.hint = "bit 12 only if one of the breakpoints met is enabled",
};
