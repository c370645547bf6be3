/* A timer that has run out already lets the guest execute nothing. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "timer.h"

TEST_CASE = {
	.lab = 6,
	.id = "timer-zero",
	.title = "a guest that is to run for 0 ticks executes no instruction",
	.points = 3,
	.image = "alarm64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_timer = 1,
	        .timer_tsc_ticks = 0 },
	TIMER_OF_GUEST,
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_PREEMPTION_TIMER,
	.hint = "0 is a value like any other",
};
