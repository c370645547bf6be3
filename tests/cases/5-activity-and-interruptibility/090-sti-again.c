/* The window opens before the first instruction. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "rules/names.h"

TEST_CASE = {
	.lab = 5,
	.id = "sti-again",
	.title = "STI with interrupts on already blocks nothing",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .executed_last = EXECUTED_STI,
	        .interrupts_were_on = 1 },
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_INTERRUPT_WINDOW,
	.controls = { .on = { [PRIMARY_CONTROLS] = PRIMARY_INTERRUPT_WINDOW_EXITING } },
	.hint = "STI blocks interrupts only if it changes IF from 0 to 1 (SDM 2, STI)",
};
