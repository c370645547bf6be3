/* It is the only thing, beside a machine check. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "shut-down-nmi",
	.title = "an injected NMI ends a shutdown",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000202,
	        .doing = GUEST_IS_SHUT_DOWN },
	.handlers = true,
};
