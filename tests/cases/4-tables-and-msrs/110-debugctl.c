/* Bits 0 (LBR) and 1 (BTF), which every processor has. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "debugctl",
	.title = "a guest records its branches and steps from one to the next",
	.points = 2,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .debugctl = DEBUGCTL_LBR | DEBUGCTL_BTF },
	LOADS(VM_ENTRY_LOAD_DEBUG_CONTROLS),
};
