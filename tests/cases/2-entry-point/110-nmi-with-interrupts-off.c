/* IF holds back external interrupts, and nothing else. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "nmi-with-interrupts-off",
	.title = "a guest with IF = 0 takes an injected NMI",
	.points = 5,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000202 },
	.handlers = true,
	.interrupts_off = true,
	.hint = "bits 10:8 of the interruption information are the type: 0 is an external "
	        "interrupt",
};
