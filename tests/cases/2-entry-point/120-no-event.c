/* An interruption information without its valid bit is not an event, whatever else it holds. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "no-event",
	.title = "a guest with IF = 0 and a vector in the field, but nothing injected",
	.points = 3,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x31 },
	.handlers = true,
	.interrupts_off = true,
	.hint = "bit 31 of the interruption information says that there is an event",
};
