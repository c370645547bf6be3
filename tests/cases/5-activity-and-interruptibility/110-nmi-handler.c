/* Until then the guest is in its NMI handler. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "rules/names.h"

TEST_CASE = {
	.lab = 5,
	.id = "nmi-handler",
	.title = "virtual NMIs: the NMI window opens with IRET",
	.points = 3,
	.image = "iret64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .inside = INSIDE_NMI_HANDLER },
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_NMI_WINDOW,
	.controls = { .on = { [PIN_CONTROLS] = PIN_VIRTUAL_NMIS,
	                      [PRIMARY_CONTROLS] = PRIMARY_NMI_WINDOW_EXITING } },
};
