/* 64-bit code needs no data segments, but it needs the bases of FS and GS; and a null SS still tells
 * the CPL, which is not 0 here.  (At CPL 3 no processor loads a null SS.) */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "null-64-bit",
	.title = "a 64-bit guest at CPL 2 with null selectors, and with bases for FS and GS",
	.points = 7,
	.image = "segments64",
	.guest = {
		.mode = GUEST_64BIT,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = {
			[SEGMENT_ES] = { 0, DESCRIPTOR_NULL, 0 },
			[SEGMENT_CS] = { 0x42, DESCRIPTOR(0, 0xfffff, 0xa0db), 0 },
			[SEGMENT_SS] = { 2, DESCRIPTOR_NULL, 0 },
			[SEGMENT_DS] = { 3, DESCRIPTOR_NULL, 0 },
			[SEGMENT_FS] = { 0, DESCRIPTOR_NULL, 0 },
			[SEGMENT_GS] = { 0, DESCRIPTOR_NULL, 0 },
		},
		.fs_base = 0x00007ffffffff000,
		.gs_base = 0xffff800001040000,
	},
	.hint = "an unusable FS or GS still has a base in IA-32e mode, an unusable SS a DPL",
};
