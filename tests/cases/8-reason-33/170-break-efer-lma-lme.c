/* LMA must stay as the control says, or another rule is broken too. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "break-efer-lma-lme",
	.title = "break the rule on LMA and LME",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = BREAK_efer_lma_lme },
	.controls.on[ENTRY_CONTROLS] = VM_ENTRY_LOAD_IA32_EFER,
	.details = EXERCISE(.rule = RULE_EFER_LMA_LME, .breaks = true,
	        .answer = { CLEAR(GUEST_IA32_EFER, EFER_LME) }),
};
