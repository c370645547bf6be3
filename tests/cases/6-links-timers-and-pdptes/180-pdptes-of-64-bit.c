/* 4-level paging has no entries of this kind: what stands there is nobody's. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 6,
	.id = "pdptes-of-64-bit",
	.title = "a 64-bit guest whose PDPTEs hold anything",
	.points = 3,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .pdptes = { 0, ~0ull, ~0ull, ~0ull } },
	.hint = "only PAE paging keeps PDPTEs in the processor",
};
