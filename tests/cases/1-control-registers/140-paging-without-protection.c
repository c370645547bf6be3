/* Unrestricted guest frees PE and PG from the fixed bits, one by one, but not from each other. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "paging-without-protection",
	.title = "a guest with paging but without protection is refused",
	.points = 6,
	.image = "observe32",
	.guest = { .mode = GUEST_32BIT, .cr0 = CR0_PG, .cr4 = CR4_PSE },
	.twin = "enter-32-bit",
	.hint = "PG = 1 needs PE = 1, with unrestricted guest too",
};
