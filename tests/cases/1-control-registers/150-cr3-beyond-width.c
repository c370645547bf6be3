/* One bit more than a physical address can have. */
#include <r33/control_registers.h>

#include "grade/case.h"

static void
add_first_bit_beyond_width(struct guest *guest, const struct capabilities *capabilities)
{
	guest->cr3 |= 1ull << capabilities->physical_address_width;
}

TEST_CASE = {
	.lab = 1,
	.id = "cr3-beyond-width",
	.title = "a guest whose CR3 lies beyond the physical-address width is refused",
	.points = 6,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = add_first_bit_beyond_width,
	.twin = "keep-cr3-bits",
	.hint = "CPUID leaf 80000008h, EAX[7:0], tells how many bits a physical address has",
};
