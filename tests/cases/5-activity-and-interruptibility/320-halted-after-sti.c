/* The next instruction must have been HLT, and then the blocking is over. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "halted-after-sti",
	.title = "a guest halted between STI and the next instruction is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .doing = GUEST_IS_HALTED,
	        .executed_last = EXECUTED_STI },
	.twin = "sti-hlt",
};
