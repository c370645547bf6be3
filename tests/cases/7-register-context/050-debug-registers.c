/* The VMCS has DR7 only. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "debug-registers",
	.title = "DR0 to DR3 and DR6 go into the guest and come back",
	.points = 6,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = GROUP_DEBUG, .look = 0 },
	.hint = "DR7 is a field of the VMCS, the five others are not",
};
