/* Code and data from a local descriptor table, which LDTR finds. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

#define LDT   (GUEST_WINDOW + LDT_OFFSET)
#define RULER (GUEST_WINDOW + RULER_OFFSET)

TEST_CASE = {
	.lab = 3,
	.id = "local-descriptors",
	.title = "a guest in protected mode with segments from its LDT",
	.points = 7,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = {
			[SEGMENT_ES] = { 0x24, DESCRIPTOR(RULER, 0x7ff, 0x4093), 0 },
			[SEGMENT_CS] = { 0x0c, DESCRIPTOR(0, 0xfffff, 0xc09b), 0 },
			[SEGMENT_FS] = { 0x1c, DESCRIPTOR(RULER + 0x100, 0x1000b, 0x109b), 0 },
			[SEGMENT_LDTR] = { 0x40, DESCRIPTOR(LDT, 0x27, 0x82), 0 },
		},
	},
	.hint = "bit 2 of a selector says that its descriptor is in the LDT",
};
