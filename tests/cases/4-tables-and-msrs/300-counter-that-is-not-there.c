/* Bit 40 would be the ninth fixed counter. Bochs lets this one pass; a real processor does not. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "counter-that-is-not-there",
	.title = "a guest that switches on a performance counter that does not exist is refused",
	.points = 3,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .perf_global_ctrl = 1ull << 40 },
	LOADS(VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL),
	RESTORES(VM_EXIT_LOAD_IA32_PERF_GLOBAL_CTRL),
	.twin = "counters",
	.skip = needs_counters,
	.hint = "each counter has a bit, and all other bits are reserved",
};
