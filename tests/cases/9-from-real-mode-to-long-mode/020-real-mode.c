/* The first instruction after a reset stands where no real-mode address reaches: the base of CS is not its selector times 16. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "real-mode",
	.title = "a guest starts at the reset vector and sees the processor that it expects",
	.points = 10,
	.details = JOURNEY(.stage = STAGE_REAL),
	.hint = "the base of CS after a reset is FFFF0000h; your part 3 makes F0000h of the "
	        "selector",
};
