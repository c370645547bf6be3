/* Bochs lets this one pass; a real processor does not, and neither do we. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "ia32e-without-paging",
	.title = "a guest in IA-32e mode without paging is refused",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE, .cr4 = CR4_PAE },
	.twin = "enter-64-bit",
	.hint = "ia32e_mode is a VM-entry control: it requires CR0.PG, unrestricted guest or not",
};
