/* Bit 12, SVME: other makers' processors have it. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "efer-reserved",
	.title = "a guest with a reserved bit in IA32_EFER is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .efer = 1ull << 12 },
	LOADS(VM_ENTRY_LOAD_IA32_EFER),
	.twin = "execute-disable",
	.hint = "four bits of EFER exist",
};
