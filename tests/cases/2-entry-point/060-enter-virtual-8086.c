/* VM where it belongs. With IOPL = 3 the guest may use PUSHF; with less it would raise #GP. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "enter-virtual-8086",
	.title = "a guest in virtual-8086 mode with IOPL 3",
	.points = 6,
	.image = "entry16",
	.guest = { .mode = GUEST_VIRTUAL_8086,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PSE,
	        .rflags = RFLAGS_VM | RFLAGS_IOPL },
};
