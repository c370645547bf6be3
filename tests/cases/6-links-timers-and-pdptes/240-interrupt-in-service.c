/* 31h and 3Fh are of the same priority class: one does not interrupt the other. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/virtual_apic.h"

TEST_CASE = {
	.lab = 6,
	.id = "interrupt-in-service",
	.title = "a guest in whose virtual APIC an interrupt of the same class is in service",
	.points = 3,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_virtual_interrupts = 1,
	        .virtual_irr = { [1] = 1u << 17 /* 31h */ },
	        .virtual_isr = { [1] = 1u << 31 | 1u << 8 /* 3Fh, 28h */ } },
	.handlers = true,
	VIRTUAL_INTERRUPTS_ON,
	.hint = "the high byte of GUEST_INTERRUPT_STATUS",
};
