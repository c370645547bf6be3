/* Blocking is for exactly that. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "interrupt-after-sti",
	.title = "an interrupt injected right after STI is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .injected_event = 0x80000031,
	        .executed_last = EXECUTED_STI },
	.twin = "after-sti",
};
