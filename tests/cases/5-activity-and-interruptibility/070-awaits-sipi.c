/* Only another processor could wake it: the entry is made up to its last check. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "awaits-sipi",
	.title = "a virtual processor that waits for its SIPI",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .doing = GUEST_AWAITS_SIPI },
	.expectation = EXPECT_ACCEPTED,
};
