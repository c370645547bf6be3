/* Bochs lets it pass. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "virtual-nmi-in-nmi-handler",
	.title = "virtual NMIs: an NMI injected into the NMI handler is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000202,
	        .inside = INSIDE_NMI_HANDLER },
	.controls = { .on = { [PIN_CONTROLS] = PIN_VIRTUAL_NMIS } },
	.twin = "nmi-handler",
	.hint = "vmread() the pin-based controls",
};
