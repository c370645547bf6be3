/* The plainest guest there is. Its wish has neither NE nor VMXE: no guest knows that they must be 1. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "enter-64-bit",
	.title = "a 64-bit guest starts and finds its CR0, CR3 and CR4",
	.points = 6,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.hint = "compare your values with IA32_VMX_CR0_FIXED0 and IA32_VMX_CR4_FIXED0",
};
