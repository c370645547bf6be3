/* All six memory types, in the order of a kernel that uses write combining. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "pat",
	.title = "a guest finds its own page-attribute table",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .pat = 0x0407050600070106 },
	LOADS(VM_ENTRY_LOAD_IA32_PAT),
};
