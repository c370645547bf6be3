/* One bit beyond what RIP can hold. Bochs lets this one pass; a real processor does not. */
#include <r33/control_registers.h>

#include "grade/case.h"

static void
add_first_bit_beyond_width(struct guest *guest, const struct capabilities *capabilities)
{
	guest->rip += 1ull << capabilities->linear_address_width;
}

TEST_CASE = {
	.lab = 2,
	.id = "rip-not-canonical",
	.title = "a 64-bit guest whose RIP has one bit beyond the linear-address width is refused",
	.points = 6,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = add_first_bit_beyond_width,
	.twin = "enter-upper-half",
	.hint = "CPUID leaf 80000008h, EAX[15:8], tells how many bits a linear address has",
};
