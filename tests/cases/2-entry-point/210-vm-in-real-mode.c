/* Virtual-8086 mode is a part of protected mode. Bochs lets this one pass; a real processor does not. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "vm-in-real-mode",
	.title = "a guest with VM = 1 and CR0.PE = 0 is refused",
	.points = 3,
	.image = "entry16",
	.guest = { .mode = GUEST_VIRTUAL_8086, .rflags = RFLAGS_VM | RFLAGS_IOPL },
	.twin = "enter-virtual-8086",
	.skip = needs_unrestricted_guest,
	.hint = "with unrestricted guest CR0.PE may be 0; cr0 is part of the description",
};
