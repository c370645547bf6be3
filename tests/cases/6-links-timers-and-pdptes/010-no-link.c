/* The plainest guest: no second VMCS.  0 would be an address. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 6,
	.id = "no-link",
	.title = "a guest without a linked VMCS",
	.points = 3,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.hint = "\"no pointer\" is a value of its own, and not 0",
};
