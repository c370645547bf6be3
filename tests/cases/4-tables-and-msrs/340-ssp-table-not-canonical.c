/* One more linear address. */
#include "../tests/guests/tables.h"
#include "tables_case.h"

static void
table_behind_lower_half(struct guest *guest, const struct capabilities *capabilities)
{
	guest->interrupt_ssp_table = 1ull << (capabilities->linear_address_width - 1);
}

TEST_CASE = {
	TABLES_CASE,
	.id = "ssp-table-not-canonical",
	.title = "a guest whose IA32_INTERRUPT_SSP_TABLE_ADDR is not canonical is refused",
	.points = 2,
	.image = "cet64",
	.guest = { CET_64_BIT, .s_cet = S_CET_SH_STK_EN, .ssp = SHADOW_STACK_TOP },
	.adjust = table_behind_lower_half,
	LOADS(VM_ENTRY_LOAD_CET_STATE),
	RESTORES(VM_EXIT_LOAD_CET_STATE),
	.twin = "shadow-stack",
};
