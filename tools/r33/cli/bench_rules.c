/* How fast the rules are: see bench_rules.h. */
#include "bench_rules.h"

#include <stdlib.h>

#include "base/util.h"
#include "oracle/fuzz.h"
#include "state/bases.h"

enum { STATES = 2000, SEED = 33, ROUNDS_MS = 300 };

double
bench_rules_per_second(void)
{
	struct vmcs *bases = allocate(base_count(), sizeof(*bases));
	struct vmcs *states = allocate(STATES, sizeof(*states));
	struct rule_violation violations[RULES_MAX];
	struct fuzz fuzz;
	uint64_t judged = 0;
	int64_t begin, elapsed;

	for (unsigned i = 0; i < base_count(); i++)
		base_make(i, &any_processor, &bases[i]);
	fuzz_prepare(&fuzz, &any_processor, bases);
	for (unsigned i = 0; i < STATES; i++)
		fuzz_state(&fuzz, SEED, i, &states[i]);
	begin = now_us();
	do {
		for (unsigned i = 0; i < STATES; i++) {
			struct rule_input input = vmcs_rule_input(&states[i], &any_processor);

			rules_check(&input, violations, RULES_MAX);
		}
		judged += STATES;
		elapsed = now_us() - begin;
	} while (elapsed < ROUNDS_MS * 1000);
	fuzz_free(&fuzz);
	free(states);
	free(bases);
	return (double)judged * 1e6 / (double)elapsed;
}
