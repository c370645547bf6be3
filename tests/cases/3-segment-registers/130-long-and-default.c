/* L = 1 with D = 1 is reserved in IA-32e mode. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "long-and-default",
	.title = "a 64-bit guest with L and D in its code segment is refused",
	.points = 3,
	.image = "segments64",
	.guest = {
		.mode = GUEST_64BIT,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = { [SEGMENT_CS] = { 0x40, DESCRIPTOR(0, 0xfffff, 0xe09b), 0 } },
	},
	.twin = "flat-64-bit",
	.hint = "D must be 0 where L is 1",
};
