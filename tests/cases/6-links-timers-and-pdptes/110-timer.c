/* The timer counts down while the guest runs, and ends it. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "timer.h"

TEST_CASE = {
	.lab = 6,
	.id = "timer",
	.title = "a guest that runs until the VMX-preemption timer stops it",
	.points = 4,
	.image = "alarm64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE, .has_timer = 1 },
	.adjust = quarter_of_a_tick,
	TIMER_OF_GUEST,
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_PREEMPTION_TIMER,
	.hint = "the field counts down from its value to 0",
};
