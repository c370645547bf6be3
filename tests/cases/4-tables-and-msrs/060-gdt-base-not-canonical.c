/* Bit 47 decides what bits 63:48 must be. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "gdt-base-not-canonical",
	.title = "a 64-bit guest whose GDT base is not canonical is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .gdt_base = 1ull << 47 },
	.twin = "tables-in-upper-half",
	.hint = "an address is canonical if bits 63:47 are all alike",
};
