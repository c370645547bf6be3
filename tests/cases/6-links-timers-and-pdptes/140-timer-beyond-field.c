/* It is not waited for: the guest is done before, unless the value is cut. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "timer.h"

TEST_CASE = {
	.lab = 6,
	.id = "timer-beyond-field",
	.title = "a guest whose timer is to be as long as the field allows",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_timer = 1,
	        .timer_tsc_ticks = 1ull << 62 },
	TIMER_OF_GUEST,
	.hint = "the field has 32 bits, the wish 64: what is left of it when it is cut?",
};
