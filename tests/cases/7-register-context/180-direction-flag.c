/* The guest exits with DF = 1. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "direction-flag",
	.title = "flags that a function must return clear are clear",
	.points = 2,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = 0, .look = LOOK_FLAGS },
	.hint = "RFLAGS are 2 after a VM exit: what sets DF after that is your own",
};
