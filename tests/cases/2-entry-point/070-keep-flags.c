/* Every bit of the wish counts, also those that this guest never uses. */
#include <r33/control_registers.h>
#include <r33/rflags.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 2,
	.id = "keep-flags",
	.title = "a guest finds CF, AF, SF, DF, OF, IOPL, NT, AC and ID as it wished",
	.points = 5,
	.image = "entry64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG | CR0_AM,
	        .cr4 = CR4_PAE,
	        .rflags = RFLAGS_CF | RFLAGS_AF | RFLAGS_SF | RFLAGS_DF | RFLAGS_OF | RFLAGS_IOPL |
	                  RFLAGS_NT | RFLAGS_AC | RFLAGS_ID },
	.hint = "no flag of the wish may be dropped",
};
