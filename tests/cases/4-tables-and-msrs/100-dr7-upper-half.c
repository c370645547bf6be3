/* MOV to DR7 would raise #GP. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "dr7-upper-half",
	.title = "a guest with a bit in the upper half of DR7 is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .dr7 = 1ull << 32 },
	LOADS(VM_ENTRY_LOAD_DEBUG_CONTROLS),
	.twin = "breakpoint",
	.hint = "only 32 of the 64 bits of DR7 can be used",
};
