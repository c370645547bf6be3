/* DR0 to DR3 are not in the VMCS: the guest sets DR0 itself, and DR7 has been armed all along. */
#include "tables_case.h"

#define DR7_L0 (1ull << 0)

TEST_CASE = {
	TABLES_CASE,
	.id = "breakpoint",
	.title = "a guest runs into an instruction breakpoint and finds itself in its #DB handler",
	.points = 4,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .dr7 = DR7_L0 },
	LOADS(VM_ENTRY_LOAD_DEBUG_CONTROLS),
};
