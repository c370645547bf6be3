/* F3h, and nothing else. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-v86-ss-ar",
	.title = "break the rule on the access rights of SS in virtual-8086 mode",
	.points = 4,
	.image = "entry16",
	.guest = { .mode = GUEST_VIRTUAL_8086,
	        .cr0 = CR0_PE | CR0_PG,
	        .exercise = BREAK_v86_ss_ar },
	.details = EXERCISE(.rule = RULE_V86_SS_AR, .breaks = true,
	        .answer = { BITS(GUEST_SS_ACCESS_RIGHTS, RIGHTS_UNUSABLE) }),
};
