/* All is right about the region, but it is the guest's own. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/linked_vmcs.h"

static void
wish_for_link(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	linked_vmcs_wish(guest, LINK_CURRENT);
}

TEST_CASE = {
	.lab = 6,
	.id = "link-current",
	.title = "a guest linked to its own VMCS is refused",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = wish_for_link,
	.twin = "link-ordinary",
	.hint = "which VMCS is it that you are writing to?",
};
