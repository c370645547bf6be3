/* What happens once in thousand calls, or grows by 8 bytes in each. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "round-trips",
	.title = "10,000 round trips, and nothing drifts",
	.points = 3,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME },
	                .groups = ALL_GROUPS,
	                .look = LOOK_AT_ALL,
	                .round_trips = 10000,
	        },
	.hint = "first make the other cases pass; then: what a call leaves in memory the next one "
	        "finds",
};
