/* Process-context identifiers where they belong, on processors that have them. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "pcide-64-bit",
	.title = "a 64-bit guest with process-context identifiers",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE | CR4_PCIDE },
	.twin = "enter-64-bit",
};
