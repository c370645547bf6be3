/* The debug trap of MOV to SS is held back for one instruction, and must not get lost. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "is-single-stepped",
	.title = "a guest single-steps over MOV to SS",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_is_single_stepped },
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_EXCEPTION_OR_NMI,
	.details = EXERCISE(.rule = RULE_PDBG_BS_SET_MOVSS,
	        .given = { SET(GUEST_INTERRUPTIBILITY_STATE, 2), BITS(GUEST_RFLAGS, RFLAGS_TF) },
	        .answer = { BITS(GUEST_PENDING_DEBUG_EXCEPTIONS, BIT(14)) },
	        .keeps = { { GUEST_INTERRUPTIBILITY_STATE, ~0ull }, { GUEST_RFLAGS, RFLAGS_TF } }),
};
