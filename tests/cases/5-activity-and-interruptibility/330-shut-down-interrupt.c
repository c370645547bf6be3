/* Shutdown ends by NMI and #MC only. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "shut-down-interrupt",
	.title = "an interrupt injected into a guest in shutdown is refused",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000031,
	        .doing = GUEST_IS_SHUT_DOWN },
	.twin = "shut-down-nmi",
};
