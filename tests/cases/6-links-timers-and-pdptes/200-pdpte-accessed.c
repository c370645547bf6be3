/* Accessed and dirty flags do not exist at this level. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_memory.h"

TEST_CASE = {
	.lab = 6,
	.id = "pdpte-accessed",
	.title = "a guest whose PDPTE has an accessed flag is refused",
	.points = 4,
	.image = "quarters32",
	.guest = { .mode = GUEST_32BIT_PAE,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .pdptes = { 0, QUARTER_PDPTE(1) | 1, QUARTER_PDPTE(2) | 0x21,
	                QUARTER_PDPTE(3) | 1 } },
	.handlers = true,
	.own_exceptions = 1u << 14, /* #PF */
	.twin = "pdptes",
	.hint = "bits 8:5 are reserved at this level",
};
