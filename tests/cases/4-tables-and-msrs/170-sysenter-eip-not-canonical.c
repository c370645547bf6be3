/* A 32-bit guest uses 32 bits of it, and VM entry checks 64. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "sysenter-eip-not-canonical",
	.title = "a 32-bit guest whose IA32_SYSENTER_EIP is not canonical is refused",
	.points = 3,
	.image = "tables32",
	.guest = { PLAIN_32_BIT, .sysenter_eip = 1ull << 63 },
	.twin = "sysenter-32-bit",
	.hint = "which guests does the rule exempt?",
};
