/* Bochs does not compare BS with TF. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "step-too-much",
	.title = "a step due after STI, but TF = 0, is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .executed_last = EXECUTED_STI,
	        .due_dr6 = 0xffff4ff0 },
	.twin = "step-after-sti",
};
