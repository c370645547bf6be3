/* The plainest guest there is: flat segments, one TSS. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 3,
	.id = "flat-64-bit",
	.title = "a 64-bit guest with flat segments",
	.points = 4,
	.image = "segments64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
};
