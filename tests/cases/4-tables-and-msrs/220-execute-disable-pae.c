/* EFER is not a matter of IA-32e mode alone: LME and LMA are 0 here, NXE works. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "execute-disable-pae",
	.title = "a guest with PAE paging has NXE and SCE",
	.points = 3,
	.image = "tables32",
	.guest = { PLAIN_PAE, .efer = EFER_NXE | EFER_SCE },
	LOADS(VM_ENTRY_LOAD_IA32_EFER),
};
