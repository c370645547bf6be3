/* The one with the highest vector comes first, and the next takes its place. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/virtual_apic.h"

TEST_CASE = {
	.lab = 6,
	.id = "interrupts-highest",
	.title = "a guest with several interrupts takes the one of the highest priority",
	.points = 3,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_virtual_interrupts = 1,
	        .virtual_irr = { 1u << 31, 1u << 1 | 1u << 15 | 1u << 17 /* 1Fh, 21h, 2Fh, 31h */ },
	        .virtual_isr = { 1u << 18 | 1u << 30 /* 12h, 1Eh */ } },
	.handlers = true,
	VIRTUAL_INTERRUPTS_ON,
	.hint = "the field holds vectors, the registers bits",
};
