/* Each blocking lasts for one instruction. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "rules/names.h"

TEST_CASE = {
	.lab = 5,
	.id = "after-mov-ss",
	.title = "after STI and MOV SS, only MOV SS counts",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .executed_last = EXECUTED_MOV_SS,
	        .executed_before = EXECUTED_STI },
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_INTERRUPT_WINDOW,
	.controls = { .on = { [PRIMARY_CONTROLS] = PRIMARY_INTERRUPT_WINDOW_EXITING } },
};
