/* TF is a flag like any other to VM entry; the processor takes it seriously after one instruction. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "single-step",
	.title = "a guest with TF executes one instruction and finds itself in its #DB handler",
	.points = 6,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_TF },
	.handlers = true,
	.own_exceptions = 1u << 1, /* #DB */
	.hint = "TF is part of the wish",
};
