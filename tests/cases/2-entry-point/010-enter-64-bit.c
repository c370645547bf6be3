/* The plainest guest: its wish for RFLAGS is IF alone, for no guest knows that bit 1 must be 1. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "enter-64-bit",
	.title = "a 64-bit guest starts where it wants, with a stack and flags that it can use",
	.points = 6,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
};
