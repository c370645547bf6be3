/* A whole guest at CPL 3 has to be made, or the rules on privilege levels are broken first. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-act-hlt-dpl",
	.title = "break the rule on HLT and the DPL of SS",
	.points = 6,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = BREAK_act_hlt_dpl },
	NOT_UNRESTRICTED,
	.details = EXERCISE(.rule = RULE_ACT_HLT_DPL, .breaks = true,
	        .answer = { SET(GUEST_ACTIVITY_STATE, 1), BITS(GUEST_CS_SELECTOR, 3),
	                BITS(GUEST_CS_ACCESS_RIGHTS, RIGHTS_DPL), BITS(GUEST_SS_SELECTOR, 3),
	                BITS(GUEST_SS_ACCESS_RIGHTS, RIGHTS_DPL) }),
};
