/* Nothing wakes it but the watchdog. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "halted",
	.title = "a halted guest stays halted until something wakes it",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .doing = GUEST_IS_HALTED,
	        .executed_last = EXECUTED_HLT },
	.expectation = EXPECT_TIME_OUT,
	.limit_ticks = 1,
	.hint = "HLT is activity state 1",
};
