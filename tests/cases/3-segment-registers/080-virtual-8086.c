/* No descriptors: the selectors say it all, and access rights are what the SDM demands. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 3,
	.id = "virtual-8086",
	.title = "a virtual-8086 guest",
	.points = 6,
	.image = "segments16",
	.guest = {
		.mode = GUEST_VIRTUAL_8086,
		.cr0 = CR0_PE | CR0_PG,
		.segments = {
			[SEGMENT_ES] = { .selector = 0x4000 },
			[SEGMENT_DS] = { .selector = 0x4123 },
			[SEGMENT_FS] = { .selector = 0x4567 },
			[SEGMENT_GS] = { .selector = 0x4ffc },
		},
	},
	.hint = "SDM 3C, section \"Checks on Guest Segment Registers\": base, limit and access "
	        "rights of a virtual-8086 guest",
};
