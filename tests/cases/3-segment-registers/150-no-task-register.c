/* TR and CS cannot be unusable; the others can. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "no-task-register",
	.title = "a guest without a TSS is refused",
	.points = 2,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = { [SEGMENT_TR] = { 0, DESCRIPTOR_NULL, 0 } },
	},
	.twin = "flat-32-bit",
	.hint = "one of the registers must be usable",
};
