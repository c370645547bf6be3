/* A VMCS is launched once. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "resume",
	.title = "VMRESUME enters a guest that was launched",
	.points = 6,
	CONTEXT_GUEST,
	.details = &(const struct context_case){ .calls = { LAUNCH, RESUME, RESUME } },
	.hint = "launched says which of the two instructions it must be",
};
