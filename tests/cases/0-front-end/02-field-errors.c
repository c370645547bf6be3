/* The front end's own test (tests/front-end/front_end.c), check 2. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 0,
	.id = "field-errors",
	.title = "fields that do not exist or are not the lab's are refused with the right error",
	.points = 14,
	.image = "echo64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .cr4_optional = 2ull << 32 },
};
