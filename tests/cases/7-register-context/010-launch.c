/* The way there and back, whatever is in the registers. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "launch",
	.title = "VMLAUNCH enters the guest, and its VM exit comes back",
	.points = 6,
	CONTEXT_GUEST,
	.details = &(const struct context_case){ .calls = { LAUNCH } },
	.hint = "HOST_RIP and HOST_RSP are where a VM exit continues; of RSI only the lowest byte "
	        "is launched",
};
