/* The guest would write to a VMCS that can be entered. */
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
	.id = "ordinary-with-shadowing",
	.title = "a guest linked to an ordinary VMCS with VMCS shadowing is refused",
	.points = 4,
	.image = "linked64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = wish_for_link,
	.controls = { .on = { [SECONDARY_CONTROLS] = SECONDARY_VMCS_SHADOWING } },
	.write_controls = linked_vmcs_write_controls,
	.twin = "link-shadow",
	.hint = "bit 31 of the region's header, and a bit of the secondary controls",
};
