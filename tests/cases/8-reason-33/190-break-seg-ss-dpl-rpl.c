/* The DPL of CS hangs on that of SS, and the RPL of SS on that of CS: one register alone breaks two rules. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-seg-ss-dpl-rpl",
	.title = "break the rule on the DPL and the RPL of SS",
	.points = 5,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = BREAK_seg_ss_dpl_rpl },
	NOT_UNRESTRICTED,
	.details = EXERCISE(.rule = RULE_SEG_SS_DPL_RPL, .breaks = true,
	        .answer = { BITS(GUEST_SS_ACCESS_RIGHTS, RIGHTS_DPL),
	                BITS(GUEST_CS_ACCESS_RIGHTS, RIGHTS_DPL) }),
};
