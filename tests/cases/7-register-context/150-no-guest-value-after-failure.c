/* The guest's registers were loaded already. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "no-guest-value-after-failure",
	.title = "after a failed VMLAUNCH nothing of the guest is left either",
	.points = 3,
	CONTEXT_GUEST,
	.details = &(const struct context_case){ .calls = { LAUNCH, LAUNCH_AGAIN },
	        .look = LOOK_GUEST_VALUES,
	        .failures_only = true },
	.hint = "VMfail comes after all registers have been loaded",
};
