/* No processor has CR4 bit 15. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "reserved-cr4-bit",
	.title = "a guest with a reserved bit in CR4 is refused",
	.points = 5,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE | CR4_DE | 1ull << 15 },
	.twin = "keep-cr4-bits",
};
