/* A hypervisor in the guest: its VMREAD and VMWRITE need no VM exit. */
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
	.id = "link-shadow",
	.title = "a guest that reads and writes the shadow VMCS to which it is linked",
	.points = 5,
	.image = "linked64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = wish_for_link,
	.controls = { .on = { [SECONDARY_CONTROLS] = SECONDARY_VMCS_SHADOWING } },
	.write_controls = linked_vmcs_write_controls,
	.hint = "a shadow VMCS belongs to VMCS shadowing",
};
