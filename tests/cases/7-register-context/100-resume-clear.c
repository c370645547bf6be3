/* VMfailValid, error 5. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "resume-clear",
	.title = "VMRESUME of a clear VMCS: ZF, VMENTER_FAIL_VALID, and nothing has changed",
	.points = 4,
	CONTEXT_GUEST,
	.details = &(const struct context_case){ .calls = { RESUME_CLEAR, LAUNCH },
	        .look = LOOK_CALLEE_SAVED,
	        .failures_only = true },
	.hint = "VMfailValid sets ZF and continues after the instruction, with all registers the "
	        "guest's",
};
