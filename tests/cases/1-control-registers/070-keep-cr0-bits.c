/* Every bit of the wish counts, also those that this guest never uses. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "keep-cr0-bits",
	.title = "a guest finds MP, TS, WP and AM as it wished",
	.points = 4,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG | CR0_MP | CR0_TS | CR0_WP | CR0_AM,
	        .cr4 = CR4_PAE },
};
