/* Bits 9:6 mean nothing. */
#include "../tests/guests/tables.h"
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "s-cet-reserved",
	.title = "a guest with a reserved bit in IA32_S_CET is refused",
	.points = 2,
	.image = "cet64",
	.guest = { CET_64_BIT, .s_cet = S_CET_SH_STK_EN | 1ull << 9, .ssp = SHADOW_STACK_TOP },
	LOADS(VM_ENTRY_LOAD_CET_STATE),
	RESTORES(VM_EXIT_LOAD_CET_STATE),
	.twin = "shadow-stack",
};
