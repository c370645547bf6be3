/* Bochs does not compare BS with TF. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "step-missing",
	.title = "TF = 1 after MOV SS, but no step due, is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_TF,
	        .executed_last = EXECUTED_MOV_SS },
	.twin = "step-over-mov-ss",
};
