/* Fifteen of them: RSP is a field of the VMCS. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "general-registers",
	.title =
	        "the guest gets its general registers, and the context gets what it leaves in them",
	.points = 14,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = GROUP_GENERAL, .look = 0 },
	.hint = "the register that points to the context is one of the fifteen: it is loaded last, "
	        "and stored first",
};
