/* 4-level paging is built on PAE. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "ia32e-without-pae",
	.title = "a guest in IA-32e mode without PAE is refused",
	.points = 5,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PSE },
	.twin = "enter-64-bit",
	.hint = "you may not add PAE: the guest asked for a CR4 without it",
};
