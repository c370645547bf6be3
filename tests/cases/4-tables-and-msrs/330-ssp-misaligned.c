/* Entries of a shadow stack have 4 or 8 bytes. */
#include "../tests/guests/tables.h"
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "ssp-misaligned",
	.title = "a guest whose SSP is not a multiple of 4 is refused",
	.points = 2,
	.image = "cet64",
	.guest = { CET_64_BIT, .s_cet = S_CET_SH_STK_EN, .ssp = SHADOW_STACK_TOP + 2 },
	LOADS(VM_ENTRY_LOAD_CET_STATE),
	RESTORES(VM_EXIT_LOAD_CET_STATE),
	.twin = "shadow-stack",
};
