/* The same segments in 32-bit protected mode, where bases and limits count for all of them. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 3,
	.id = "flat-32-bit",
	.title = "a guest in protected mode with flat segments",
	.points = 4,
	.image = "segments32",
	.guest = { .mode = GUEST_32BIT, .cr0 = CR0_PE | CR0_PG },
	.hint = "the limit field counts bytes: with G = 1 it is (limit << 12) | FFFh",
};
