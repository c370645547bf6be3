/* With paging on, LME is not the guest's to change; without it the same guest goes on to long mode. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "lme-with-paging",
	.title = "a guest that changes EFER.LME while paging is on gets #GP(0)",
	.points = 6,
	.details = JOURNEY(.stage = STAGE_LONG, .tries = TRY_LME),
	.hint = "SDM 3A, \"Initializing IA-32e Mode\"",
};
