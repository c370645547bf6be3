/* IA-32e mode again, but 32-bit code: to the control registers it makes no difference. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "enter-compatibility",
	.title = "a guest in compatibility mode",
	.points = 5,
	.image = "observe32",
	.guest = { .mode = GUEST_COMPATIBILITY, .cr0 = CR0_PE | CR0_PG | CR0_WP, .cr4 = CR4_PAE },
};
