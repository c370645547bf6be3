/* It comes as soon as the guest has begun: no event has to be injected. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/virtual_apic.h"

TEST_CASE = {
	.lab = 6,
	.id = "interrupt-requested",
	.title = "a guest takes the interrupt that its virtual APIC holds for it",
	.points = 4,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_virtual_interrupts = 1,
	        .virtual_irr = { [1] = 1u << 17 /* 31h */ } },
	.handlers = true,
	VIRTUAL_INTERRUPTS_ON,
	.hint = "the low byte of GUEST_INTERRUPT_STATUS",
};
