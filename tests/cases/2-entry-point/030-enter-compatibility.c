/* 32-bit code in IA-32e mode. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "enter-compatibility",
	.title = "a guest in compatibility mode",
	.points = 4,
	.image = "entry32",
	.guest = { .mode = GUEST_COMPATIBILITY, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
};
