/* PAE paging outside IA-32e mode. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "enter-32-bit-pae",
	.title = "a 32-bit guest with PAE paging",
	.points = 5,
	.image = "observe32",
	.guest = { .mode = GUEST_32BIT_PAE, .cr0 = CR0_PE | CR0_PG | CR0_WP, .cr4 = CR4_PAE },
};
