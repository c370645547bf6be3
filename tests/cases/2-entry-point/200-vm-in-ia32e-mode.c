/* All other parts have made a guest that virtual-8086 mode would suit; but IA-32e mode has none. */
#include <r33/control_registers.h>
#include <r33/msr.h>
#include <r33/rflags.h>

#include "grade/case.h"

static void
enter_ia32e_mode(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	guest->ia32e_mode = 1;
	guest->efer = EFER_LME | EFER_LMA;
}

TEST_CASE = {
	.lab = 2,
	.id = "vm-in-ia32e-mode",
	.title = "a guest in IA-32e mode with VM = 1 is refused",
	.points = 4,
	.image = "entry16",
	.guest = { .mode = GUEST_VIRTUAL_8086,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_VM | RFLAGS_IOPL },
	.adjust = enter_ia32e_mode,
	.twin = "enter-virtual-8086",
	.hint = "ia32e_mode is a VM-entry control: look at it, not at the mode",
};
