/* It arrives at HOST_RIP, not after VMLAUNCH. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "invalid-guest",
	.title = "a failed entry with exit reason 33 is a VM exit",
	.points = 3,
	CONTEXT_GUEST,
	.details = &(const struct context_case){ .calls = { INVALID_GUEST, LAUNCH },
	        .look = LOOK_CALLEE_SAVED,
	        .failures_only = true },
	.hint = "a failed entry with exit reason 33 comes back where all VM exits do",
};
