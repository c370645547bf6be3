/* The first instruction after a reset is where no real-mode address reaches: the base of CS is not its selector times 16. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "real-mode",
	.title = "a guest starts at the reset vector and sees the processor that it expects",
	.points = 10,
	.details = JOURNEY(.stage = STAGE_REAL),
	.hint = "SDM 3A, \"Processor State After Reset\"; what VM entry does not load the guest "
	        "reads from the read shadows",
};
