/* What does not exist must be 0. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "rip-above-4-gib",
	.title = "a 32-bit guest whose RIP lies above 4 GiB is refused",
	.points = 4,
	.image = "entry32",
	.guest = { .mode = GUEST_32BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PSE, .rip = 1ull << 32 },
	.twin = "enter-32-bit",
	.hint = "you may not cut RIP: the guest would start elsewhere",
};
