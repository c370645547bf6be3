/* Without shadowing nothing uses the region, but VM entry looks at it. */
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
	.id = "link-ordinary",
	.title = "a guest linked to an ordinary VMCS, without VMCS shadowing",
	.points = 3,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = wish_for_link,
	.hint = "every bit of the address is part of the wish",
};
