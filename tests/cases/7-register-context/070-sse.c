/* SSE state. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "sse",
	.title = "XMM0 to XMM15 and MXCSR go into the guest and come back",
	.points = 7,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = GROUP_SSE, .look = 0 },
	.hint = "FXSAVE and FXRSTOR, or XSAVE and XRSTOR, move all of them at once",
};
