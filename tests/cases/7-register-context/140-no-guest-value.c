/* What is caller-saved need not be restored, but it must not be the guest's. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "no-guest-value",
	.title = "after the VM exit nothing of the guest is left in any register",
	.points = 6,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = 0, .look = LOOK_GUEST_VALUES },
	.hint = "who calls vmenter() may print any register: overwrite those that you do not "
	        "restore",
};
