/* Bochs does not compare BS with BTF. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "branch-step-due",
	.title = "BTF = 1, and a step due after MOV SS, is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_TF,
	        .debugctl = 1u << 1,
	        .executed_last = EXECUTED_MOV_SS,
	        .due_dr6 = 0xffff4ff0 },
	.twin = "branch-steps",
};
