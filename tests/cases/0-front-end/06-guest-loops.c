/* What the harness does when a guest never ends; the part only says ENTER (check 6). */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 0,
	.id = "guest-loops",
	.title = "a guest that never ends is stopped",
	.points = 10,
	.image = "loop64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .cr4_optional = 6ull << 32 },
	.expectation = EXPECT_TIME_OUT,
};
