/* The low bits of CR3 are not part of the address, but of the register. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "keep-cr3-bits",
	.title = "a guest finds PWT and PCD in its CR3",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr3 = CR3_PWT | CR3_PCD,
	        .cr4 = CR4_PAE },
};
