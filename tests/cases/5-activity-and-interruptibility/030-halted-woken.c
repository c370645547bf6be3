/* The interrupted RIP is that after HLT, where the guest was. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "halted-woken",
	.title = "an injected interrupt wakes a halted guest",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000031,
	        .doing = GUEST_IS_HALTED,
	        .executed_last = EXECUTED_HLT },
	.handlers = true,
};
