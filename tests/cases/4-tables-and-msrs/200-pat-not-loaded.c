/* Where no processor has the control, it has no field either. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "pat-not-loaded",
	.title = "without \"load IA32_PAT\" a guest starts, whatever its PAT would be",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .pat = 0x0303030303030303 },
	DOES_NOT_LOAD(VM_ENTRY_LOAD_IA32_PAT),
	.hint = "is there a field to write?",
};
