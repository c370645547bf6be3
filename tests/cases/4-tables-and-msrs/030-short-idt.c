/* The limit is the last byte that counts: here that of gate 14, #PF. INT 30h comes through gate 13, #GP, instead. */
#include "tables_case.h"

static void
end_behind_page_fault(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	guest->idt_limit = 15 * 8 - 1;
}

TEST_CASE = {
	TABLES_CASE,
	.id = "short-idt",
	.title = "a guest with PAE paging has an IDT of 15 gates: INT 30h is beyond its limit",
	.points = 4,
	.image = "tables32",
	.guest = { PLAIN_PAE },
	.adjust = end_behind_page_fault,
};
