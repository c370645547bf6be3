/* It changed its table and has not loaded CR3 since: the processor keeps using the old entries. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_memory.h"

static void
empty_table(struct guest *guest, const struct capabilities *capabilities)
{
	(void)guest;
	(void)capabilities;
	guest_empty_pdpt();
}

TEST_CASE = {
	.lab = 6,
	.id = "pdptes-in-processor",
	.title = "a guest with PAE paging whose table in memory is no longer what it runs with",
	.points = 4,
	.image = "quarters32",
	.guest = { .mode = GUEST_32BIT_PAE,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .pdptes = { 0, QUARTER_PDPTE(1) | 1, QUARTER_PDPTE(2) | 1, QUARTER_PDPTE(3) | 1 } },
	.handlers = true,
	.own_exceptions = 1u << 14, /* #PF */
	.adjust = empty_table,
	.skip = needs_pdpte_fields,
	.hint = "with EPT there are fields for the entries, and memory does not count",
};
