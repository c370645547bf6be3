/* Bochs does not know BTF: only the state is checked. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "branch-steps",
	.title = "with BTF only branches are steps: MOV SS was not one",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_TF,
	        .debugctl = 1u << 1,
	        .executed_last = EXECUTED_MOV_SS },
	.expectation = EXPECT_ACCEPTED,
};
