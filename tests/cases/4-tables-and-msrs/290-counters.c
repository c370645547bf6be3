/* How many that is, CPUID knows. */
#include "tables_case.h"

#define PERF_METRICS (1ull << 48) /* another feature's */

static void
want_all_counters(struct guest *guest, const struct capabilities *capabilities)
{
	guest->perf_global_ctrl = capabilities->perf_global_ctrl_bits & ~PERF_METRICS;
}

TEST_CASE = {
	TABLES_CASE,
	.id = "counters",
	.title = "a guest switches on all performance counters that exist",
	.points = 2,
	.image = "tables64",
	.guest = { PLAIN_64_BIT },
	LOADS(VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL),
	RESTORES(VM_EXIT_LOAD_IA32_PERF_GLOBAL_CTRL),
	.adjust = want_all_counters,
	.skip = needs_counters,
	.hint = "CPUID leaf 0Ah: EAX[15:8] counters from bit 0, EDX[4:0] from bit 32",
};
