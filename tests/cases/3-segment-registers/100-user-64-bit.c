/* A user program: CPL 3, and a TSS whose I/O map says which ports it may use. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "user-64-bit",
	.title = "a 64-bit guest at CPL 3",
	.points = 6,
	.image = "segments64",
	.guest = {
		.mode = GUEST_64BIT,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = {
			[SEGMENT_ES] = { 0, DESCRIPTOR_NULL, 0 },
			[SEGMENT_CS] = { 0x4b, DESCRIPTOR(0, 0xfffff, 0xa0fb), 0 },
			[SEGMENT_SS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
			[SEGMENT_DS] = { 0, DESCRIPTOR_NULL, 0 },
			[SEGMENT_FS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
			[SEGMENT_GS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
		},
		.fs_base = 0x00007fff12345678,
	},
};
