/* It finds CET switched on in CR4, and no shadow stack. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "cet-not-loaded",
	.title = "without \"load CET state\" a guest starts, whatever its CET state would be",
	.points = 2,
	.image = "cet64",
	.guest = { CET_64_BIT, .s_cet = 1ull << 9, .ssp = 2, .interrupt_ssp_table = 1ull << 47 },
	DOES_NOT_LOAD(VM_ENTRY_LOAD_CET_STATE),
	RESTORES(VM_EXIT_LOAD_CET_STATE),
};
