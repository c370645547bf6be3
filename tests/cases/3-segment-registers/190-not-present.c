/* Only a descriptor of 0 makes a register unusable; this one is of a segment that is not there. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "not-present",
	.title = "a guest with a segment that is not present is refused",
	.points = 2,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = { [SEGMENT_GS] = { 0x40, DESCRIPTOR(0, 0xfffff, 0xc013), 0 } },
	},
	.twin = "flat-32-bit",
	.hint = "may P be 0 in a usable register?",
};
