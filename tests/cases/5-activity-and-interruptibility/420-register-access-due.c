/* A fault, not a trap: it would have been taken. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "register-access-due",
	.title = "BD due is refused: it is never pending",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .due_dr6 = 0xffff2ff0 },
	.twin = "breakpoint-due",
};
