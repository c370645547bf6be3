/* The processor looks at entries with P = 1 only. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_memory.h"

TEST_CASE = {
	.lab = 6,
	.id = "pdptes-absent",
	.title = "a guest with PAE paging whose absent entries hold anything",
	.points = 4,
	.image = "quarters32",
	.guest = { .mode = GUEST_32BIT_PAE,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .pdptes = { 0, QUARTER_PDPTE(1) | 1, ~1ull, 0x1e6 } },
	.handlers = true,
	.own_exceptions = 1u << 14, /* #PF */
	.hint = "bit 0 of an entry says whether the others count",
};
