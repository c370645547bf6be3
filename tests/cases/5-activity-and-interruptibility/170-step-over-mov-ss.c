/* The step is due and held back for one instruction. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "step-over-mov-ss",
	.title = "single-stepping over MOV SS",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_TF,
	        .executed_last = EXECUTED_MOV_SS,
	        .due_dr6 = 0xffff4ff0 },
	.handlers = true,
	.own_exceptions = 1u << 1,
};
