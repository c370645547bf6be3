/* Every change of mode once more, in the other direction. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "there-and-back",
	.title = "to long mode and back to real mode",
	.points = 12,
	.details = JOURNEY(.stage = STAGE_LONG, .tries = TRY_BACK),
	.hint = "LMA becomes 0 when the guest leaves long mode",
};
