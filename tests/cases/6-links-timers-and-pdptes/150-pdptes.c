/* PWT, PCD and the three ignored bits are the guest's business. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_memory.h"

TEST_CASE = {
	.lab = 6,
	.id = "pdptes",
	.title = "a guest with PAE paging finds each of its four GiB",
	.points = 4,
	.image = "quarters32",
	.guest = { .mode = GUEST_32BIT_PAE,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .pdptes = { 0, QUARTER_PDPTE(1) | 0x19, QUARTER_PDPTE(2) | 0xe01,
	                QUARTER_PDPTE(3) | 1 } },
	.handlers = true,
	.own_exceptions = 1u << 14, /* #PF */
	.hint = "four entries, and all of their bits",
};
