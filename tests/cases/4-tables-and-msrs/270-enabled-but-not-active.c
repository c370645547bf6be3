/* Switching paging on makes LMA 1 where LME is: a processor is never in this state. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "enabled-but-not-active",
	.title = "a guest with paging, LME = 1 and LMA = 0 is refused",
	.points = 3,
	.image = "tables32",
	.guest = { PLAIN_PAE, .efer = EFER_LME },
	LOADS(VM_ENTRY_LOAD_IA32_EFER),
	.twin = "execute-disable-pae",
	.hint = "what happens to LMA when CR0.PG becomes 1?",
};
