/* Not canonical is not yet broken: bit 47 is free. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-rip-hi-64",
	.title = "break the rule on RIP in 64-bit mode",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = BREAK_rip_hi_64 },
	.details = EXERCISE(.rule = RULE_RIP_HI_64, .breaks = true,
	        .answer = { BITS(GUEST_RIP, BIT(63)) }),
};
