/* The upper half of CR0 is reserved: IA32_VMX_CR0_FIXED1 has zeros there. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "reserved-cr0-bit",
	.title = "a guest with a bit in the upper half of CR0 is refused",
	.points = 5,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG | CR0_WP | 1ull << 32,
	        .cr4 = CR4_PAE },
	.twin = "keep-cr0-bits",
};
