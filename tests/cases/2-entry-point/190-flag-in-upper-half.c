/* The upper half of RFLAGS is reserved as a whole. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "flag-in-upper-half",
	.title = "a guest with a bit in the upper half of RFLAGS is refused",
	.points = 3,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_CF | 1ull << 33 },
	.twin = "keep-flags",
	.hint = "bits 63:22 are reserved: do not look at the lower half only",
};
