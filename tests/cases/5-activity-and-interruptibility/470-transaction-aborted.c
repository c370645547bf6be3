/* Bit 16 of DR6 is inverted. With RTM or without, breakpoint 0 may not be named. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "transaction-aborted",
	.title = "an aborted transaction that says which breakpoint was met is refused",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .enabled_breakpoints = 1,
	        .due_dr6 = 0xfffe0ff1 },
	.twin = "breakpoint-due",
	.hint = "DR6 bit 16 is 1 when nothing happened",
};
