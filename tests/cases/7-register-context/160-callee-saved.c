/* The System V ABI, after a VM exit. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "callee-saved",
	.title = "RBX, RBP, R12 to R15 and RSP are the caller's again, and so is its stack",
	.points = 5,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = 0, .look = LOOK_CALLEE_SAVED },
	.hint = "the ABI makes RBX, RBP and R12 to R15 callee-saved; HOST_RSP is where your stack "
	        "frame is found again",
};
