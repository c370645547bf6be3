/* The control was switched; the field still holds what it held before. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "went-to-long-mode",
	.title = "a guest has just gone to IA-32e mode",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_went_to_long_mode },
	.controls.on[ENTRY_CONTROLS] = VM_ENTRY_LOAD_IA32_EFER,
	.details = EXERCISE(.rule = RULE_EFER_LMA_CTL,
	        .given = { CLEAR(GUEST_IA32_EFER, EFER_LME | EFER_LMA) },
	        .answer = { BITS(GUEST_IA32_EFER, EFER_LME | EFER_LMA) }),
};
