/* What the harness does when a guest triple-faults; the part only says ENTER (check 6). */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "rules/names.h"

TEST_CASE = {
	.lab = 0,
	.id = "guest-triple-faults",
	.title = "a guest's triple fault is a result like any other",
	.points = 10,
	.image = "fault64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .cr4_optional = 6ull << 32 },
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_TRIPLE_FAULT,
	.own_exceptions = ~0u,
};
