/* VM entry asks a little less than a canonical address: bit N-1 is free. The first fetch then fails. */
#include <r33/control_registers.h>

#include "grade/case.h"

static void
set_last_bit_of_width(struct guest *guest, const struct capabilities *capabilities)
{
	guest->rip += 1ull << (capabilities->linear_address_width - 1);
}

TEST_CASE = {
	.lab = 2,
	.id = "rip-behind-lower-half",
	.title = "a guest that starts right after the lower half takes #GP in its own handler",
	.points = 5,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = set_last_bit_of_width,
	.handlers = true,
	.own_exceptions = 1u << 13, /* #GP */
	.hint = "VM entry compares bits 63:N with each other, not with bit N-1",
};
