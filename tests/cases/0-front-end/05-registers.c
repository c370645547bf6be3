/* The front end's own test (tests/front-end/front_end.c), check 5. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 0,
	.id = "registers",
	.title = "RDMSR, MOV from CR and CPUID give the machine's values",
	.points = 12,
	.image = "echo64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .cr4_optional = 5ull << 32 },
};
