/* IA-32e mode has no 16-bit TSS. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "tss-16-bit-in-ia32e",
	.title = "a 64-bit guest with a 16-bit TSS is refused",
	.points = 3,
	.image = "segments64",
	.guest = {
		.mode = GUEST_64BIT,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = { [SEGMENT_TR] = { 0x40, DESCRIPTOR(GUEST_WINDOW, 0x2b, 0x83), 0 } },
	},
	.twin = "flat-64-bit",
	.hint = "which types of TSS does IA-32e mode know?",
};
