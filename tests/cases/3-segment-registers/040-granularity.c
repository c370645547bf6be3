/* Limits in bytes and in pages, a segment that cannot be written, one that grows downwards. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

#define RULER (GUEST_WINDOW + RULER_OFFSET)

TEST_CASE = {
	.lab = 3,
	.id = "granularity",
	.title = "a guest in protected mode reads at its segments' limits, and beyond",
	.points = 8,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT_PAE,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = {
			/* Bytes; the highest limit that they can express lies within the ruler. */
			[SEGMENT_ES] = { 0x40, DESCRIPTOR(RULER - 0xf0000, 0xfffff, 0x4093), 0 },
			/* Two pages, read-only. */
			[SEGMENT_DS] = { 0x48, DESCRIPTOR(RULER, 1, 0xc091), 0 },
			/* Expand-down: all above 0x2fff, up to FFFFFFFFh and, without D/B, FFFFh. */
			[SEGMENT_FS] = { 0x50, DESCRIPTOR(RULER, 2, 0xc097), 0 },
			[SEGMENT_GS] = { 0x58, DESCRIPTOR(RULER, 0x1233, 0x0097), 0 },
		},
	},
	.hint = "the limit field counts bytes, whatever G says; G stays as it is in the descriptor",
};
