/* Without SCE it would take #UD. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "syscall",
	.title = "a 64-bit guest with SCE and NXE executes SYSCALL and lands",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .efer = EFER_SCE | EFER_NXE },
	LOADS(VM_ENTRY_LOAD_IA32_EFER),
};
