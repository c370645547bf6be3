/* Nothing else looks at these bits while the guest is active, IF is 1, and nothing is injected. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-int-sti-movss",
	.title = "break the rule on blocking by STI and by MOV SS",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = BREAK_int_sti_movss },
	.details = EXERCISE(.rule = RULE_INT_STI_MOVSS, .breaks = true,
	        .answer = { BITS(GUEST_INTERRUPTIBILITY_STATE, 3) }),
};
