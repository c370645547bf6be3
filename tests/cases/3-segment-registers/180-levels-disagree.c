/* Code of level 3 with a stack of level 0. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "levels-disagree",
	.title = "a guest whose CS and SS have different privilege levels is refused",
	.points = 4,
	.image = "segments64",
	.guest = {
		.mode = GUEST_64BIT,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = { [SEGMENT_CS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xa0fb), 0 } },
	},
	.twin = "user-64-bit",
	.hint = "the DPL of SS is the CPL",
};
