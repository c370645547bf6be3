/* Possible with unrestricted guest only; a processor without it must be refused this guest. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "enter-protected-unpaged",
	.title = "a protected-mode guest without paging",
	.points = 7,
	.image = "observe32",
	.guest = { .mode = GUEST_PROTECTED_UNPAGED, .cr0 = CR0_PE, .cr4 = 0 },
	.twin = "enter-32-bit",
	.hint = "with unrestricted guest CR0.PG may be 0, whatever IA32_VMX_CR0_FIXED0 says; "
	        "without it, refuse",
};
