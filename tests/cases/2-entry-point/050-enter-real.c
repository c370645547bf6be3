/* RIP is an offset in CS, and here the base of CS is not 0. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "enter-real",
	.title = "a real-mode guest, whose CS does not begin at 0",
	.points = 5,
	.image = "entry16",
	.guest = { .mode = GUEST_REAL, .rflags = RFLAGS_CF | RFLAGS_OF },
	.skip = needs_unrestricted_guest,
};
