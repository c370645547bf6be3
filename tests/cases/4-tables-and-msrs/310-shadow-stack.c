/* SSP, the switch that makes it count, and the table for interrupts. */
#include "../tests/guests/tables.h"
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "shadow-stack",
	.title = "a guest with CET finds its shadow stack, and calls and returns with it",
	.points = 3,
	.image = "cet64",
	.guest = { CET_64_BIT, .s_cet = S_CET_SH_STK_EN, .ssp = SHADOW_STACK_TOP,
	        .interrupt_ssp_table = GUEST_WINDOW },
	LOADS(VM_ENTRY_LOAD_CET_STATE),
	RESTORES(VM_EXIT_LOAD_CET_STATE),
};
