/* No MOV to DS loads it; but with unrestricted guest, VM entry does. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "level-below-rpl",
	.title = "a guest with a data segment of DPL 0 and a selector of RPL 3",
	.points = 4,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = { [SEGMENT_DS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xc093), 0 } },
	},
	.twin = "flat-32-bit",
	.hint = "the DPL must not be below the RPL, unless \"unrestricted guest\" is 1",
};
