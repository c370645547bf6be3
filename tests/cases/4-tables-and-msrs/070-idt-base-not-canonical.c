/* A 32-bit guest could not even load such a base; VM entry could, and looks. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "idt-base-not-canonical",
	.title = "a guest outside IA-32e mode whose IDT base is not canonical is refused",
	.points = 3,
	.image = "tables32",
	.guest = { PLAIN_PAE, .idt_base = 1ull << 63 },
	.twin = "short-idt",
	.hint = "which guests does the rule exempt?",
};
