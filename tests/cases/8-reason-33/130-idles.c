/* The hypervisor emulates HLT, and leaves what the STI before it blocked. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "idles",
	.title = "a guest has just executed STI and HLT",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_idles },
	.expectation = EXPECT_TIME_OUT,
	.limit_ticks = 1,
	.details = EXERCISE(.rule = RULE_ACT_STI,
	        .given = { SET(GUEST_ACTIVITY_STATE, 1), SET(GUEST_INTERRUPTIBILITY_STATE, 1) },
	        .answer = { SET(GUEST_INTERRUPTIBILITY_STATE, 0) },
	        .keeps = { { GUEST_ACTIVITY_STATE, ~0ull } }),
};
