/* The same where the timer is slower than the time-stamp counter, as in real processors. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "timer.h"

TEST_CASE = {
	.lab = 6,
	.id = "timer-rate",
	.title = "a guest with a timer that counts every 32nd tick of the time-stamp counter",
	.points = 5,
	.image = "alarm64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE, .has_timer = 1 },
	.adjust = quarter_of_a_tick,
	TIMER_OF_GUEST,
	.timer_shift = 5,
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_PREEMPTION_TIMER,
	.hint = "IA32_VMX_MISC bits 4:0 tell how much slower the timer counts",
};
