/* What VM entry does not load it does not check, and the guest finds DR7 as the last VM exit left it: 400h. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "debug-controls-not-loaded",
	.title = "without \"load debug controls\" a guest starts, whatever its DR7 and DEBUGCTL "
	         "would be",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .dr7 = 1ull << 32 | 1, .debugctl = 1ull << 4 },
	DOES_NOT_LOAD(VM_ENTRY_LOAD_DEBUG_CONTROLS),
	.hint = "look at the VM-entry control before you look at the member",
};
