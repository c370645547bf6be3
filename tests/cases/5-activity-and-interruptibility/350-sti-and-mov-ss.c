/* One instruction cannot have been both. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "sti-and-mov-ss",
	.title = "a guest both after STI and after MOV SS is refused",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .executed_last = EXECUTED_STI | EXECUTED_MOV_SS },
	.twin = "after-mov-ss",
};
