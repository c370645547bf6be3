/* Compatibility mode is IA-32e mode, but not 64-bit mode: its RIP has 32 bits too. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "rip-above-4-gib-compatibility",
	.title = "a guest in compatibility mode whose RIP lies above 4 GiB is refused",
	.points = 4,
	.image = "entry32",
	.guest = { .mode = GUEST_COMPATIBILITY,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rip = 1ull << 32 },
	.twin = "enter-compatibility",
	.hint = "64 bits of RIP exist in 64-bit mode only; ia32e_mode alone does not say so",
};
