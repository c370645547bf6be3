/* The same for the other table, in a guest outside IA-32e mode. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "idt-limit-beyond",
	.title = "a guest whose IDT limit has a bit above 15 is refused",
	.points = 2,
	.image = "tables32",
	.guest = { PLAIN_PAE, .idt_limit = 1u << 31 },
	.twin = "short-idt",
	.hint = "you may not cut a limit",
};
