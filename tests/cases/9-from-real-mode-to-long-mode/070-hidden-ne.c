/* NE is 1 in VMX operation, whatever the guest believes. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "hidden-ne",
	.title = "a guest that sets and clears CR0.NE reads what it wrote",
	.points = 6,
	.details = JOURNEY(.stage = STAGE_PROTECTED, .tries = TRY_NE),
	.hint = "the read shadow is what the guest reads for bits of the mask",
};
