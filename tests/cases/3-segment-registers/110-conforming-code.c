/* Conforming code runs at its caller's level: DPL 0 in CS, CPL 3 in SS. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

#define RULER (GUEST_WINDOW + RULER_OFFSET)

TEST_CASE = {
	.lab = 3,
	.id = "conforming-code",
	.title = "a guest at CPL 3 in a conforming code segment of DPL 0",
	.points = 6,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = {
			[SEGMENT_ES] = { 0x53, DESCRIPTOR(RULER, 0x1fff, 0x409f), 0 },
			[SEGMENT_CS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xc09f), 0 },
			[SEGMENT_SS] = { 0x4b, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
			[SEGMENT_DS] = { 0x4a, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
			[SEGMENT_FS] = { 0x5b, DESCRIPTOR(RULER, 0x0fff, 0x40fb), 0 },
			[SEGMENT_GS] = { 0, DESCRIPTOR_NULL, 0 },
		},
	},
	.hint = "the CPL is the DPL of SS; the DPL of a conforming CS may be lower",
};
