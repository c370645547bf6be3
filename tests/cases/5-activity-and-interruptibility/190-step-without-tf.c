/* POPF that clears TF is itself still stepped over. Without blocking, BS is free. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "step-without-tf",
	.title = "the last step is due, and TF is 0 already",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .due_dr6 = 0xffff4ff0 },
	.handlers = true,
	.own_exceptions = 1u << 1,
};
