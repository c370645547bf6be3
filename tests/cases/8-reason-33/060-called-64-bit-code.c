/* A template of 32-bit code, with L put in for the 64-bit guest. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "called-64-bit-code",
	.title = "a guest has just called 64-bit code from 32-bit code",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_called_64_bit_code },
	.details = EXERCISE(.rule = RULE_SEG_CS_DB_L,
	        .given = { BITS(GUEST_CS_ACCESS_RIGHTS, RIGHTS_DB) },
	        .answer = { CLEAR(GUEST_CS_ACCESS_RIGHTS, RIGHTS_DB) }, .free = RIGHTS_AVL),
};
