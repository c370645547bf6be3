/* As in virtual-8086 mode, but at level 0: and CS can be written. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 3,
	.id = "real-mode",
	.title = "a guest in real-address mode",
	.points = 6,
	.image = "segments16",
	.guest = {
		.mode = GUEST_REAL,
		.segments = {
			[SEGMENT_ES] = { .selector = 0x4000 },
			[SEGMENT_DS] = { .selector = 0x4123 },
			[SEGMENT_FS] = { .selector = 0x4567 },
			[SEGMENT_GS] = { .selector = 0x4ffc },
		},
	},
	.skip = needs_unrestricted_guest,
	.hint = "in real-address mode every segment can be written, the code segment too",
};
