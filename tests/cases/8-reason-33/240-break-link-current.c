/* The only answer that is not a constant: VMPTRST tells it. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-link-current",
	.title = "break the rule on a VMCS that is linked to itself",
	.points = 5,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = BREAK_link_current },
	.details = EXERCISE(.rule = RULE_LINK_CURRENT, .breaks = true,
	        .answer = { SET(VMCS_LINK_POINTER, 0) }),
};
