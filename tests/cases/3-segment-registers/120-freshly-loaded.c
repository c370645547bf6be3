/* Descriptors as software writes them: they have not been accessed yet, and the TSS is available. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

#define TSS   (GUEST_WINDOW + TSS_OFFSET)
#define RULER (GUEST_WINDOW + RULER_OFFSET)

TEST_CASE = {
	.lab = 3,
	.id = "freshly-loaded",
	.title = "a guest whose descriptors were never loaded before",
	.points = 6,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = {
			[SEGMENT_ES] = { 0x50, DESCRIPTOR(RULER, 0x0fff, 0x5092), 0 },
			[SEGMENT_CS] = { 0x40, DESCRIPTOR(0, 0xfffff, 0xc09a), 0 },
			[SEGMENT_SS] = { 0x48, DESCRIPTOR(0, 0xfffff, 0xc092), 0 },
			[SEGMENT_DS] = { 0x58, DESCRIPTOR(RULER, 0x1ffff, 0x4090), 0 },
			[SEGMENT_TR] = { 0x60, DESCRIPTOR(TSS, TSS_LIMIT, 0x89), 0 },
		},
	},
	.hint = "what do MOV to a segment register and LTR change in the descriptor they load?",
};
