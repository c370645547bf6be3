/* Only without paging may the two bits differ. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "long-mode-enabled",
	.title = "a guest on its way to IA-32e mode: LME is 1, paging is off, LMA is 0",
	.points = 3,
	.image = "tables32",
	.guest = { .mode = GUEST_PROTECTED_UNPAGED, .cr0 = CR0_PE, .efer = EFER_LME },
	LOADS(VM_ENTRY_LOAD_IA32_EFER),
	.skip = needs_unrestricted_guest,
	.hint = "LME is the wish, LMA the fact",
};
