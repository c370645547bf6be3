/* Breakpoint 1, global, 4 bytes, on writes; and two reserved bits, which the processor puts right by itself. */
#include "tables_case.h"

#define DR7_G1          (1ull << 3)
#define DR7_WRITE1      (1ull << 20)
#define DR7_FOUR_BYTES1 (3ull << 22)
#define DR7_RESERVED    (3ull << 14)

TEST_CASE = {
	TABLES_CASE,
	.id = "breakpoint-at-datum",
	.title = "a guest with PAE paging is stopped when it writes to a datum",
	.points = 3,
	.image = "tables32",
	.guest = { PLAIN_PAE, .dr7 = DR7_G1 | DR7_WRITE1 | DR7_FOUR_BYTES1 | DR7_RESERVED },
	LOADS(VM_ENTRY_LOAD_DEBUG_CONTROLS),
	.hint = "VM entry does not check the lower half of DR7",
};
