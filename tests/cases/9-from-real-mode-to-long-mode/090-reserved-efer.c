/* What VM entry would refuse in EFER must not get there. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "reserved-efer",
	.title = "RDMSR and WRMSR that the guest must not execute raise #GP(0)",
	.points = 8,
	.details = JOURNEY(.stage = STAGE_PROTECTED, .tries = TRY_GP),
	.hint = "VM entry refuses reserved bits of EFER: the guest has to learn it before",
};
