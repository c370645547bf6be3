/* Bit 4 lies between the old bits and the new ones. Bochs lets this one pass; a real processor does not. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "debugctl-reserved",
	.title = "a guest with a reserved bit in IA32_DEBUGCTL is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .debugctl = 1ull << 4 },
	LOADS(VM_ENTRY_LOAD_DEBUG_CONTROLS),
	.twin = "debugctl",
	.hint = "WRMSR refuses bits 5:3 and 63:16; so does VM entry",
};
