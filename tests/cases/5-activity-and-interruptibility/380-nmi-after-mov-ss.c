/* The stack pointer does not fit the stack segment yet. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "nmi-after-mov-ss",
	.title = "an NMI injected right after MOV SS is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000202,
	        .executed_last = EXECUTED_MOV_SS },
	.twin = "after-mov-ss",
};
