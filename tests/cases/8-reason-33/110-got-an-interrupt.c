/* It has to wait until the guest is ready: interrupt-window exiting tells when. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "got-an-interrupt",
	.title = "an interrupt for the guest has just come",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_got_an_interrupt },
	.interrupts_off = true,
	.details = EXERCISE(.rule = RULE_RFL_IF_EXTINT,
	        .given = { SET(VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000031) },
	        .answer = { CLEAR(VM_ENTRY_INTERRUPTION_INFORMATION, BIT(31)) },
	        .keeps = { { GUEST_RFLAGS, RFLAGS_IF } }, .free = BIT(31) - 1),
};
