/* Bit 15 lies between NT and RF and means nothing. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "reserved-flag",
	.title = "a guest with a reserved bit among its flags is refused",
	.points = 4,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_CF | 1ull << 15 },
	.twin = "keep-flags",
	.hint = "POPF ignores reserved bits, VM entry does not; and you may not drop them",
};
