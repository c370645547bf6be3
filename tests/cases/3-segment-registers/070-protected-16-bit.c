/* What the 80286 could do: 16-bit segments, 64 KiB each, a 16-bit TSS. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

#define TSS   (GUEST_WINDOW + TSS_OFFSET)
#define RULER (GUEST_WINDOW + RULER_OFFSET)

TEST_CASE = {
	.lab = 3,
	.id = "protected-16-bit",
	.title = "a guest in protected mode with 16-bit segments and a 16-bit TSS",
	.points = 6,
	.image = "segments16",
	.guest = {
		.mode = GUEST_16BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = {
			[SEGMENT_ES] = { 0x40, DESCRIPTOR(RULER, 0xffff, 0x93), 0 },
			[SEGMENT_DS] = { 0x48, DESCRIPTOR(RULER + 0x1000, 0x7fff, 0x97), 0 },
			[SEGMENT_FS] = { 0x50, DESCRIPTOR(RULER + 0x2000, 0x0fff, 0x91), 0 },
			[SEGMENT_TR] = { 0x58, DESCRIPTOR(TSS, 0x2b, 0x83), 0 },
		},
	},
};
