/* NMIs themselves are blocked, and still are when the guest is done. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "nmi-handler-physical",
	.title = "a guest in its NMI handler, without virtual NMIs",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .inside = INSIDE_NMI_HANDLER },
	.handlers = true,
	.own_exceptions = 1u << 1,
};
