/* Outside of SMM itself no such guest can be entered. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "smi-handler",
	.title = "a guest in system-management mode is refused",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .inside = INSIDE_SMI_HANDLER },
	.twin = "nmi-handler-physical",
};
