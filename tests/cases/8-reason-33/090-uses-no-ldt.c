/* Not present is not unusable: the processor has no present bit for a register without a segment. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "uses-no-ldt",
	.title = "a guest has just loaded LDTR with a null selector",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_uses_no_ldt },
	.details =
	        EXERCISE(.rule = RULE_LDTR_P, .given = { SET(GUEST_LDTR_ACCESS_RIGHTS, TYPE_LDT) },
	                .answer = { BITS(GUEST_LDTR_ACCESS_RIGHTS, RIGHTS_UNUSABLE) },
	                .free = (uint32_t)~RIGHTS_UNUSABLE),
};
