/* The field has 32 bits, the limit 16. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "gdt-limit-beyond",
	.title = "a guest whose GDT limit has a bit above 15 is refused",
	.points = 2,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .gdt_limit = 0x10000 },
	.twin = "plain-64-bit",
	.hint = "LGDT takes 16 bits of limit; what would the processor do with more?",
};
