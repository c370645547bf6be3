/* One bit more than the processor's physical addresses have. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/linked_vmcs.h"

static void
wish_for_link(struct guest *guest, const struct capabilities *capabilities)
{
	linked_vmcs_wish(guest, LINK_ORDINARY);
	guest->linked_vmcs += 1ull << capabilities->physical_address_width;
}

TEST_CASE = {
	.lab = 6,
	.id = "link-beyond-width",
	.title = "a guest linked to an address beyond the physical-address width is refused",
	.points = 3,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = wish_for_link,
	.twin = "link-ordinary",
	.hint = "CPUID leaf 80000008h, EAX[7:0], tells how many bits a physical address has",
};
