/* Blocking by STI has ended with HLT. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "sti-hlt",
	.title = "a guest in its idle loop: STI, HLT",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .doing = GUEST_IS_HALTED,
	        .executed_last = EXECUTED_HLT,
	        .executed_before = EXECUTED_STI },
	.expectation = EXPECT_TIME_OUT,
	.limit_ticks = 1,
	.hint = "blocking by STI lasts for one instruction, and HLT was it",
};
