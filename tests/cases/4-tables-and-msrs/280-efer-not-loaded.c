/* LME and LMA follow the control "IA-32e mode guest"; NXE and SCE are those of the host. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "efer-not-loaded",
	.title = "without \"load IA32_EFER\" a guest starts, whatever its EFER would be",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .efer = EFER_LMA | 1ull << 12 },
	DOES_NOT_LOAD(VM_ENTRY_LOAD_IA32_EFER),
	.hint = "where the control is 0 the field may not even exist",
};
