/* Made for a processor that lays out its VMCS otherwise. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/linked_vmcs.h"

static void
wish_for_link(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	linked_vmcs_wish(guest, LINK_OTHER_REVISION);
}

TEST_CASE = {
	.lab = 6,
	.id = "link-other-revision",
	.title = "a guest linked to a VMCS with another revision identifier is refused",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.adjust = wish_for_link,
	.twin = "link-ordinary",
	.hint = "IA32_VMX_BASIC bits 30:0",
};
