/* There is no rule for RSP. This guest brings its own stack before it uses one. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "any-stack-pointer",
	.title = "a guest that starts with an RSP that is not an address at all",
	.points = 5,
	.image = "stackless64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rsp = 0x1234567800000000 },
	.hint = "which rule is there for RSP?",
};
