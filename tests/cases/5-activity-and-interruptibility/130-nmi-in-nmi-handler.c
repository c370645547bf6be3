/* What is blocked are NMIs from outside. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "nmi-in-nmi-handler",
	.title = "without virtual NMIs an NMI can be injected into an NMI handler",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000202,
	        .inside = INSIDE_NMI_HANDLER },
	.handlers = true,
	.hint = "the rule is about the control \"virtual NMIs\"",
};
