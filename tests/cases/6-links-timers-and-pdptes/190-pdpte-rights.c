/* The levels below have R/W and U/S in these bits. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_memory.h"

TEST_CASE = {
	.lab = 6,
	.id = "pdpte-rights",
	.title = "a guest whose PDPTE has R/W and U/S is refused",
	.points = 3,
	.image = "quarters32",
	.guest = { .mode = GUEST_32BIT_PAE,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .pdptes = { 0, QUARTER_PDPTE(1) | 7, QUARTER_PDPTE(2) | 1, QUARTER_PDPTE(3) | 1 } },
	.handlers = true,
	.own_exceptions = 1u << 14, /* #PF */
	.twin = "pdptes",
	.hint = "bits 2:1 are reserved at this level",
};
