/* Whether the guest will ever execute SYSENTER does not matter. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "sysenter-esp-not-canonical",
	.title = "a guest whose IA32_SYSENTER_ESP is not canonical is refused",
	.points = 2,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .sysenter_esp = 1ull << 47 },
	.twin = "sysenter-64-bit",
	.hint = "WRMSR would raise #GP",
};
