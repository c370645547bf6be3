/* Descriptors of LDTs are in the GDT only. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 3,
	.id = "ldt-from-ldt",
	.title = "a guest whose LDTR points to its LDT is refused",
	.points = 3,
	.image = "segments32",
	.guest = {
		.mode = GUEST_32BIT,
		.cr0 = CR0_PE | CR0_PG,
		.segments = { [SEGMENT_LDTR] = { 0x0c, DESCRIPTOR(GUEST_WINDOW + LDT_OFFSET, 0x27, 0x82), 0 } },
	},
	.twin = "local-descriptors",
	.hint = "which table holds LDT and TSS descriptors?",
};
