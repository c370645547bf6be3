/* Only readable code can be loaded into a data-segment register. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "execute-only-data",
	.title = "a guest with execute-only code in DS is refused",
	.points = 3,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = { [SEGMENT_DS] = { 0x40, DESCRIPTOR(0, 0xfffff, 0xc099), 0 } },
	},
	.twin = "granularity",
	.hint = "who could load this?",
};
