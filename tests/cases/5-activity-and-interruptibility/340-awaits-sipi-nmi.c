/* There nothing at all may be injected. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "awaits-sipi-nmi",
	.title = "an NMI injected into a guest that waits for SIPI is refused",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000202,
	        .doing = GUEST_AWAITS_SIPI },
	.twin = "awaits-sipi",
};
