/* VMfailValid, error 4. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "launch-again",
	.title = "VMLAUNCH of a launched VMCS: ZF, VMENTER_FAIL_VALID, and nothing has changed",
	.points = 4,
	CONTEXT_GUEST,
	.details = &(const struct context_case){ .calls = { LAUNCH, LAUNCH_AGAIN },
	        .look = LOOK_CALLEE_SAVED,
	        .failures_only = true },
	.hint = "VMfailValid sets ZF and continues after the instruction, with all registers the "
	        "guest's",
};
