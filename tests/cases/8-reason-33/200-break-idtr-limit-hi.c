/* The limit of a descriptor table has 16 bits, the field has 32. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-idtr-limit-hi",
	.title = "break the rule on the limit of IDTR",
	.points = 4,
	.image = "observe32",
	.guest = { PLAIN_32_BIT, .exercise = BREAK_idtr_limit_hi },
	.details = EXERCISE(.rule = RULE_IDTR_LIMIT_HI, .breaks = true,
	        .answer = { BITS(GUEST_IDTR_LIMIT, BIT(16)) }),
};
