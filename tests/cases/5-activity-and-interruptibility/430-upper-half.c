/* Bochs cuts the field to 32 bits. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "upper-half",
	.title = "a bit in the upper half of DR6 is refused",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .due_dr6 = 0x1ffff0ff0 },
	.twin = "runs",
};
