/* Bochs lets it pass. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "halted-exception",
	.title = "#UD injected into a halted guest is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000306,
	        .doing = GUEST_IS_HALTED,
	        .executed_last = EXECUTED_HLT },
	.twin = "halted-woken",
	.hint = "an exception belongs to an instruction, and a halted processor executes none",
};
