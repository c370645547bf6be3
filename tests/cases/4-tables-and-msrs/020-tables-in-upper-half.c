/* Its tables are the same as ever, but it reaches them through the upper half. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "tables-in-upper-half",
	.title = "a 64-bit guest has its tables where kernels have them",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .gdt_base = 0xffff800000000000, .idt_base = 0xffff800000000000 },
	.hint = "a base has 64 bits, a limit 16",
};
