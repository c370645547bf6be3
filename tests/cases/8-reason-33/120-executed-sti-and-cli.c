/* What STI blocked ended with the instruction after it. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "executed-sti-and-cli",
	.title = "a guest has just executed STI and CLI",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_executed_sti_and_cli },
	.interrupts_off = true,
	.details =
	        EXERCISE(.rule = RULE_INT_STI_IF, .given = { SET(GUEST_INTERRUPTIBILITY_STATE, 1) },
	                .answer = { SET(GUEST_INTERRUPTIBILITY_STATE, 0) },
	                .keeps = { { GUEST_RFLAGS, RFLAGS_IF } }),
};
