/* MOV SS from memory that is being watched. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "breakpoint-after-mov-ss",
	.title = "MOV SS holds a breakpoint back for one instruction",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .executed_last = EXECUTED_MOV_SS,
	        .enabled_breakpoints = 0x5,
	        .due_dr6 = 0xffff0ff1 },
	.handlers = true,
	.own_exceptions = 1u << 1,
};
