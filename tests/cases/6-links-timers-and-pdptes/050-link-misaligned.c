/* In the middle of a page there is no VMCS. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/linked_vmcs.h"

static void
wish_for_link(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	linked_vmcs_wish(guest, LINK_ORDINARY);
}

TEST_CASE = {
	.lab = 6,
	.id = "link-misaligned",
	.title = "a guest linked to an address that is not the start of a page is refused",
	.points = 3,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .linked_vmcs = 0x800 },
	.adjust = wish_for_link,
	.twin = "link-ordinary",
	.hint = "VMCS regions start at multiples of 4 KiB",
};
