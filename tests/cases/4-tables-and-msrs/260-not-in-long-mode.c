/* The control "IA-32e mode guest" says the one thing, EFER the other. Cases flip bits: LME and LMA are 0 here. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "not-in-long-mode",
	.title = "a guest with LMA = 0 that is entered in IA-32e mode is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .efer = EFER_LME | EFER_LMA },
	LOADS(VM_ENTRY_LOAD_IA32_EFER),
	.twin = "execute-disable",
	.hint = "ia32e_mode and LMA must say the same",
};
