/* A guest that every processor enters: the loop, VMCALL and CPUID, and nothing of a reset. */
#include "reset_case.h"

TEST_CASE = {
	.lab = 9,
	.image = "station64",
	.own_exceptions = ~0u,
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.id = "begin-in-long-mode",
	.title = "a guest that is already in long mode comes to its end",
	.points = 4,
	.details = JOURNEY(.stage = STAGE_LONG, .begins_in_long_mode = true),
};
