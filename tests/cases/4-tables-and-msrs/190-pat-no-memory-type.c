/* Type 2 is reserved; it is in the last entry. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "pat-no-memory-type",
	.title = "a guest whose PAT has an entry that is not a memory type is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .pat = 0x0207040600070406 },
	LOADS(VM_ENTRY_LOAD_IA32_PAT),
	.twin = "pat",
	.hint = "0, 1, 4, 5, 6 and 7 are types, and there are eight entries",
};
