/* With CR4.PCIDE = 1, bit 63 of the operand of MOV to CR3 says "flush nothing". It is not a bit of CR3. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "new-page-tables",
	.title = "a guest has just switched to other page tables",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_new_page_tables },
	.details = EXERCISE(.rule = RULE_CR3_MAXPHY, .given = { BITS(GUEST_CR3, BIT(63)) },
	        .answer = { CLEAR(GUEST_CR3, BIT(63)) }),
};
