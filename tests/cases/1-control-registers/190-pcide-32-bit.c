/* And where they do not. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "pcide-32-bit",
	.title = "a 32-bit guest with process-context identifiers is refused",
	.points = 4,
	.image = "observe32",
	.guest = { .mode = GUEST_32BIT_PAE,
	        .cr0 = CR0_PE | CR0_PG | CR0_WP,
	        .cr4 = CR4_PAE | CR4_PCIDE },
	.twin = "enter-32-bit-pae",
};
