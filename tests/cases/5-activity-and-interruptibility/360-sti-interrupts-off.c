/* Had CLI cleared IF again, STI would not be the last instruction. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "sti-interrupts-off",
	.title = "a guest right after STI with IF = 0 is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .executed_last = EXECUTED_STI },
	.interrupts_off = true,
	.twin = "after-sti",
};
