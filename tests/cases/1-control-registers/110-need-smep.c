/* The same bit as a demand: where it does not exist the guest must be refused. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "need-smep",
	.title = "a guest that cannot do without SMEP",
	.points = 5,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE | CR4_SMEP },
	.twin = "enter-64-bit",
	.hint = "a bit in cr4 must not be dropped: refuse where IA32_VMX_CR4_FIXED1 has a 0",
};
