/* LTR marks the TSS busy, in the descriptor and in the register. This hypervisor copied the descriptor before. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "started-first-task",
	.title = "a guest has just executed LTR",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_started_first_task },
	.details = EXERCISE(.rule = RULE_TR_TYPE_64,
	        .given = { REPLACE(GUEST_TR_ACCESS_RIGHTS, RIGHTS_TYPE, 9) },
	        .answer = { REPLACE(GUEST_TR_ACCESS_RIGHTS, RIGHTS_TYPE, TYPE_TSS_BUSY) },
	        .free = RIGHTS_AVL),
};
