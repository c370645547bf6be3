/* Compatibility mode: 32-bit code with limits, 16-byte descriptors for LDT and TSS. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

#define UPPER_HALF 0xffff8000 /* bits 63:32 of where 4-level paging maps the window again */
#define LDT        (GUEST_WINDOW + LDT_OFFSET)
#define TSS        (GUEST_WINDOW + TSS_OFFSET)
#define RULER      (GUEST_WINDOW + RULER_OFFSET)

TEST_CASE = {
	.lab = 3,
	.id = "compatibility",
	.title = "a guest in compatibility mode, its LDT and TSS in the upper half",
	.points = 7,
	.image = "segments32",
	.guest = {
		.mode = GUEST_COMPATIBILITY,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = {
			[SEGMENT_ES] = { 0x0f, DESCRIPTOR(RULER, 0x0ffb, 0x40f3), 0 },
			[SEGMENT_CS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xc0fb), 0 },
			[SEGMENT_SS] = { 0x4b, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
			[SEGMENT_DS] = { 0x4b, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
			[SEGMENT_GS] = { 0, DESCRIPTOR_NULL, 0 },
			[SEGMENT_LDTR] = { 0x50, DESCRIPTOR(LDT, 0x1f, 0x82), UPPER_HALF },
			[SEGMENT_TR] = { 0x20, DESCRIPTOR(TSS, TSS_LIMIT, 0x8b), UPPER_HALF },
		},
		/* Not that of its descriptor, which is 0. */
		.fs_base = RULER,
	},
	.hint = "base_63_32 has the upper halves of the bases of LDTR and TR, fs_base that of FS",
};
