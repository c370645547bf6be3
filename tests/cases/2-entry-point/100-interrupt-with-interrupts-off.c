/* The same without IF: VM entry does not wait until the guest is ready, it fails. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "interrupt-with-interrupts-off",
	.title = "a guest with IF = 0 into which an external interrupt is injected is refused",
	.points = 6,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000031 },
	.handlers = true,
	.interrupts_off = true,
	.twin = "take-interrupt",
	.hint = "you may not set IF: the guest is not ready for interrupts",
};
