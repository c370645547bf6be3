/* A value of the host's in a guest is a leak, whatever the guest makes of it. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "no-host-value",
	.title = "the guest finds nothing of its host in any register",
	.points = 6,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = 0, .look = LOOK_CALLER_VALUES },
	.hint = "a register that is not loaded shows the guest what the host had there",
};
