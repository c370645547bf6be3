/* An address that the processor does not have. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_memory.h"

/* In memory as well, where it counts without EPT. */
static void
add_first_bit_beyond_width(struct guest *guest, const struct capabilities *capabilities)
{
	guest->pdptes[1] |= 1ull << capabilities->physical_address_width;
	guest_write_pdpt(guest);
}

TEST_CASE = {
	.lab = 6,
	.id = "pdpte-beyond-width",
	.title = "a guest whose PDPTE has a bit beyond the physical-address width is refused",
	.points = 3,
	.image = "quarters32",
	.guest = { .mode = GUEST_32BIT_PAE,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .pdptes = { 0, QUARTER_PDPTE(1) | 1, QUARTER_PDPTE(2) | 1, QUARTER_PDPTE(3) | 1 } },
	.handlers = true,
	.own_exceptions = 1u << 14, /* #PF */
	.adjust = add_first_bit_beyond_width,
	.twin = "pdptes",
	.hint = "CPUID leaf 80000008h, EAX[7:0]",
};
