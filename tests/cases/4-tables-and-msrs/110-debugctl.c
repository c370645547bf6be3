/* Bits 0 (LBR) and 1 (BTF), which every processor has. */
#include "tables_case.h"

#define DEBUGCTL_LBR (1ull << 0)
#define DEBUGCTL_BTF (1ull << 1)

TEST_CASE = {
	TABLES_CASE,
	.id = "debugctl",
	.title = "a guest records its branches and steps from one to the next",
	.points = 2,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .debugctl = DEBUGCTL_LBR | DEBUGCTL_BTF },
	LOADS(ENTRY_LOAD_DEBUG_CONTROLS),
};
