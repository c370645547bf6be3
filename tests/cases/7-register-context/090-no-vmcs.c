/* VMfailInvalid: VMWRITE of HOST_RSP is the first to tell. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "no-vmcs",
	.title = "without a current VMCS: CF, VMENTER_FAIL_INVALID, and nothing has changed",
	.points = 5,
	CONTEXT_GUEST,
	.details = &(const struct context_case){ .calls = { LAUNCH, NO_VMCS },
	        .look = LOOK_CALLEE_SAVED,
	        .failures_only = true },
	.hint = "VMfailInvalid sets CF and continues after the instruction",
};
