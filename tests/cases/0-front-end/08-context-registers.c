/* The front end's own test (tests/front-end/front_end.c), check 7. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 0,
	.id = "context-registers",
	.title = "MOV to CR2, and to and from DR0 to DR3 and DR6, which a guest is entered with",
	.points = 12,
	.image = "echo64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .cr4_optional = 7ull << 32 },
};
