/* Without NXE the same bit of a page-table entry is reserved, and any access faults. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "execute-disable",
	.title = "a 64-bit guest with NXE may not execute what its page tables forbid",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .efer = EFER_NXE },
	LOADS(VM_ENTRY_LOAD_IA32_EFER),
};
