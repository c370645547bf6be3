/* The plainest moment there is. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "runs",
	.title = "a guest that runs, and to which nothing has happened",
	.points = 1,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.handlers = true,
	.own_exceptions = 1u << 1,
};
