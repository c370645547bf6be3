/* What remains when shadowing is switched off and the pointer kept. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/linked_vmcs.h"

static void
wish_for_link(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	linked_vmcs_wish(guest, LINK_SHADOW);
}

TEST_CASE = {
	.lab = 6,
	.id = "shadow-without-shadowing",
	.title = "a guest linked to a shadow VMCS without VMCS shadowing is refused",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = wish_for_link,
	.twin = "link-ordinary",
	.hint = "bit 31 of the region's header, and a bit of the secondary controls",
};
