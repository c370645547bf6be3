/* 32-bit paging: CR4.PAE must not be added. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "enter-32-bit",
	.title = "a 32-bit guest with 32-bit paging",
	.points = 5,
	.image = "observe32",
	.guest = { .mode = GUEST_32BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PSE },
};
