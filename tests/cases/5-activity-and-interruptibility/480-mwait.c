/* There is no such activity state. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "mwait",
	.title = "a guest that waits in MWAIT is refused",
	.points = 1,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .doing = GUEST_WAITS_IN_MWAIT },
	.twin = "halted",
};
