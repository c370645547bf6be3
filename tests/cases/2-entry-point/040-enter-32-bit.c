/* 32-bit code outside IA-32e mode; the flags have something to show. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "enter-32-bit",
	.title = "a 32-bit guest with 32-bit paging",
	.points = 5,
	.image = "entry32",
	.guest = { .mode = GUEST_32BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PSE,
	        .rflags = RFLAGS_ZF | RFLAGS_PF },
};
