/* The next EIP, computed in 64 bits: the carry stays. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "was-emulated",
	.title = "an instruction of a 32-bit guest has just been emulated",
	.points = 4,
	.image = "observe32",
	.guest = { PLAIN_32_BIT, .exercise = DIAGNOSE_was_emulated },
	.details = EXERCISE(.rule = RULE_RIP_HI_32, .given = { BITS(GUEST_RIP, BIT(32)) },
	        .answer = { CLEAR(GUEST_RIP, BIT(32)) }),
};
