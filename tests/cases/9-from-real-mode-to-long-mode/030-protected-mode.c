/* PE and nothing else: the processor does it alone, if CR0 is the guest's. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "protected-mode",
	.title = "from the reset vector to protected mode",
	.points = 8,
	.details = JOURNEY(.stage = STAGE_PROTECTED),
	.hint = "PE and PG are best left to the guest: bits of the mask that are 0",
};
