/* Nothing wakes it; not even the timer of the kernel would, so the VMX-preemption timer has to. */
#include <r33/control_registers.h>

#include "grade/case.h"

static const char *
needs_preemption_timer(const struct capabilities *capabilities)
{
	return capabilities->preemption_timer ? NULL
	                                      : "only the VMX-preemption timer, which the "
	                                        "processor lacks, would end this guest";
}

TEST_CASE = {
	.lab = 5,
	.id = "shut-down",
	.title = "a guest that a triple fault has shut down stays so",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .doing = GUEST_IS_SHUT_DOWN },
	.expectation = EXPECT_TIME_OUT,
	.limit_ticks = 1,
	.skip = needs_preemption_timer,
};
