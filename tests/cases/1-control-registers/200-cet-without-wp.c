/* Control-flow enforcement leans on write protection; where there is no CET it is refused for that. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "cet-without-wp",
	.title = "a guest with CET but without write protection is refused",
	.points = 3,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE | CR4_CET },
	.twin = "drop-optional-bits",
};
