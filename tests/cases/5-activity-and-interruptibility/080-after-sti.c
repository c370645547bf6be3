/* It would open at once without the blocking. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "rules/names.h"

TEST_CASE = {
	.lab = 5,
	.id = "after-sti",
	.title = "after STI, an interrupt window opens one instruction later",
	.points = 4,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .executed_last = EXECUTED_STI },
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_INTERRUPT_WINDOW,
	.controls = { .on = { [PRIMARY_CONTROLS] = PRIMARY_INTERRUPT_WINDOW_EXITING } },
	.hint = "interrupts were off before STI: it blocks them for one more instruction",
};
