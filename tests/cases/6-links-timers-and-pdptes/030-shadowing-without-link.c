/* The guest's VMREAD then fails as in a processor without a current VMCS. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/linked_vmcs.h"

TEST_CASE = {
	.lab = 6,
	.id = "shadowing-without-link",
	.title = "a guest without a linked VMCS, with VMCS shadowing",
	.points = 2,
	.image = "linked64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE },
	.controls = { .on = { [SECONDARY_CONTROLS] = SECONDARY_VMCS_SHADOWING } },
	.write_controls = linked_vmcs_write_controls,
	.hint = "VMCS shadowing does not require a link",
};
