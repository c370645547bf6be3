/* The interrupt comes before the first instruction: the frame holds the values just loaded. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "take-interrupt",
	.title = "a guest with IF = 1 takes an injected external interrupt and comes back from it",
	.points = 6,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000031 },
	.handlers = true,
};
