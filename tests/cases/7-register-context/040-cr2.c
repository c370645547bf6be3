/* CR2 is in no field of the VMCS. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "cr2",
	.title = "CR2 goes into the guest and comes back",
	.points = 5,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = GROUP_CR2, .look = 0 },
	.hint = "only MOV reaches CR2",
};
