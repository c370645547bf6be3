/* As above, with PE = 0 too. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "enter-real",
	.title = "a real-mode guest",
	.points = 7,
	.image = "observe16",
	.guest = { .mode = GUEST_REAL, .cr0 = 0, .cr4 = 0 },
	.twin = "enter-32-bit",
	.hint = "with unrestricted guest CR0.PE and CR0.PG may both be 0; without it, refuse",
};
