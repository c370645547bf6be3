/* CR4 features that all processors with VMX have. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "keep-cr4-bits",
	.title = "a guest finds DE, PGE, OSFXSR and TSD as it wished",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE | CR4_DE | CR4_PGE | CR4_OSFXSR | CR4_TSD },
};
