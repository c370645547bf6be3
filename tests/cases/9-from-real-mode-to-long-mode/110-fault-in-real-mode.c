/* The frame in real mode has three words; VM entry refuses an error code there. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "fault-in-real-mode",
	.title = "a #GP in real mode has no error code",
	.points = 10,
	.details = JOURNEY(.stage = STAGE_REAL, .tries = TRY_GP_REAL),
	.hint = "deliver-error-code is for protected mode",
};
