/* Whether the guest will ever execute SYSENTER does not matter. */
#include "tables_case.h"

static void
stack_behind_lower_half(struct guest *guest, const struct capabilities *capabilities)
{
	guest->sysenter_esp = 1ull << (capabilities->linear_address_width - 1);
}

TEST_CASE = {
	TABLES_CASE,
	.id = "sysenter-esp-not-canonical",
	.title = "a guest whose IA32_SYSENTER_ESP is not canonical is refused",
	.points = 2,
	.image = "tables64",
	.guest = { PLAIN_64_BIT },
	.adjust = stack_behind_lower_half,
	.twin = "sysenter-64-bit",
	.hint = "WRMSR would raise #GP",
};
