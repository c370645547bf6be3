/* The highest bit that an address has decides what those above it must be. */
#include "tables_case.h"

static void
base_behind_lower_half(struct guest *guest, const struct capabilities *capabilities)
{
	guest->gdt_base = 1ull << (capabilities->linear_address_width - 1);
}

TEST_CASE = {
	TABLES_CASE,
	.id = "gdt-base-not-canonical",
	.title = "a 64-bit guest whose GDT base is not canonical is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT },
	.adjust = base_behind_lower_half,
	.twin = "tables-in-upper-half",
	.hint = "an address is canonical if all bits from the highest implemented one on are alike",
};
