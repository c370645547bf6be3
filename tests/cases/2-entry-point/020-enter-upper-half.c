/* Where kernels live: RIP and RSP have ones in their upper bits, and need all 64 of them. */
#include <r33/control_registers.h>

#include "grade/case.h"

#define UPPER_HALF 0xffff800000000000

TEST_CASE = {
	.lab = 2,
	.id = "enter-upper-half",
	.title = "a 64-bit guest starts in the upper half of the linear addresses",
	.points = 5,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .rip = UPPER_HALF,
	        .rsp = UPPER_HALF },
	.hint = "an address above the linear-address width is canonical if all upper bits are 1",
};
