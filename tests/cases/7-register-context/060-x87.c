/* Registers, and control, status and tag words. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "x87",
	.title = "the x87 registers go into the guest and come back",
	.points = 6,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = GROUP_X87, .look = 0 },
	.hint = "FXSAVE and FXRSTOR, or XSAVE and XRSTOR, move all of them at once",
};
