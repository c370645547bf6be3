/*
 * r33 fuzz: random guest states, entered and compared with what the rules say.
 *
 * A state that deviates is made small: of its differences from the base all subsets are entered, and
 * the smallest that still deviates is printed as a dump.
 */
#include "oracle/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "commands.h"
#include "oracle/caps_engine.h"
#include "oracle/predict.h"
#include "oracle/reproducer.h"
#include "run/measured.h"
#include "state/bases.h"

enum { STATES_A_BOOT = 150000, STATES_A_REPORT = 4096, MOST_REPORTS = 10 };

/* A fuzz run on one model. */
struct fuzz_run {
	const struct command_options *options;
	struct capabilities capabilities;
	enum bochs_version version;
	struct vmcs *bases;
	struct fuzz fuzz;
	uint64_t entered, skipped, failing, deviations;
	unsigned reported;
};

/* Which state of the seed each state of a batch is. */
struct numbers {
	uint64_t *of;
	unsigned count;
};

/* Can the rules tell at all?  Not when they would have to know what is in the machine's memory. */
static bool
is_decided(const struct vmcs *state, const struct capabilities *capabilities)
{
	struct rule_input input = vmcs_rule_input(state, capabilities);

	return rules_unknown(&input, NULL, 0) == 0;
}

/* Fill the batch with the next states from `first`; returns the number after the last one. */
static uint64_t
fill(struct fuzz_run *run, struct batch *batch, struct numbers *numbers, uint64_t first)
{
	uint64_t end = (uint64_t)run->options->count;
	uint64_t number = first;

	for (; number < end && batch->state_count < STATES_A_BOOT; number++) {
		struct vmcs state;
		unsigned base = fuzz_state(&run->fuzz, run->options->seed, number, &state);
		uint32_t mask, expected = predict(&state, &run->capabilities, run->version, &mask);

		if (!is_decided(&state, &run->capabilities) ||
		        !predict_may_enter(&state, expected)) {
			run->skipped++;
			continue;
		}
		run->failing += expected >> 24 != BATCH_ENTERED;
		numbers->of[batch->state_count] = number;
		batch_add(batch, base, &state, expected, mask);
	}
	return number;
}

static void
show_progress(const struct fuzz_run *run, uint64_t number)
{
	fprintf(stderr, "%llu of %ld states, %llu entered, %llu skipped, %llu new deviations\n",
	        (unsigned long long)number, run->options->count, (unsigned long long)run->entered,
	        (unsigned long long)run->skipped, (unsigned long long)run->deviations);
}

/* Print the smallest reproducer of a state that deviates. */
static bool
report(struct fuzz_run *run, uint64_t number, const struct batch_answer *answer)
{
	struct vmcs state;
	unsigned base = fuzz_state(&run->fuzz, run->options->seed, number, &state);

	run->reported++;
	printf("# new deviation: %s, seed %llu, state %llu\n", run->options->run.cpu,
	        (unsigned long long)run->options->seed, (unsigned long long)number);
	return reproducer_print(&run->options->run, &run->capabilities, run->version, run->bases,
	        base, &state, answer);
}

/* Enter the states from number `first` of the batch again, one report each: the one after the last
 * report is the one that the engine died of. */
static uint64_t
find_killer(struct fuzz_run *run, const struct numbers *numbers, unsigned first, unsigned count)
{
	struct batch batch = {
		.bases = run->bases, .base_count = base_count(), .flags = BATCH_REPORT_ALL
	};
	struct batch_run batch_run;
	uint64_t killer = numbers->of[first];

	for (unsigned i = first; i < count && i < first + STATES_A_REPORT; i++) {
		struct vmcs state;
		unsigned base = fuzz_state(&run->fuzz, run->options->seed, numbers->of[i], &state);

		batch_add(&batch, base, &state, 0, 0);
	}
	if (batch_enter(&batch, &run->options->run, &batch_run) &&
	        batch_run.answer_count < batch.state_count)
		killer = numbers->of[first + batch_run.answer_count];
	batch_run_free(&batch_run);
	batch_free(&batch);
	return killer;
}

/* The engine died: print the state that it died of. */
static void
report_death(struct fuzz_run *run, const struct numbers *numbers, const struct batch *batch,
        const struct batch_run *batch_run)
{
	struct vmcs state;
	uint64_t killer;
	uint32_t mask;

	complain("the engine ended: %s", batch_run->problem ? batch_run->problem : "no reason");
	if (batch_run->reached >= batch->state_count)
		return;
	killer = find_killer(run, numbers, batch_run->reached, batch->state_count);
	fuzz_state(&run->fuzz, run->options->seed, killer, &state);
	printf("# the engine died: %s, seed %llu, state %llu\n", run->options->run.cpu,
	        (unsigned long long)run->options->seed, (unsigned long long)killer);
	reproducer_write(stdout, &run->options->run, run->version, &state,
	        predict(&state, &run->capabilities, run->version, &mask), NULL);
}

/* One boot.  False when it did not come to its end. */
static bool
boot(struct fuzz_run *run, struct batch *batch, const struct numbers *numbers)
{
	struct batch_run batch_run;
	bool good = batch_enter(batch, &run->options->run, &batch_run);

	if (good && !batch_run.complete) {
		if (!batch_run.interrupted)
			report_death(run, numbers, batch, &batch_run);
		good = false;
	}
	for (size_t i = 0; good && i < batch_run.answer_count && run->reported < MOST_REPORTS; i++)
		good = report(run, numbers->of[batch_run.answers[i].number], &batch_run.answers[i]);
	if (good) {
		run->entered += batch->state_count;
		run->deviations += batch_run.deviations;
	}
	batch_run_free(&batch_run);
	return good;
}

static bool
run_all(struct fuzz_run *run)
{
	struct numbers numbers = { .of = allocate(STATES_A_BOOT, sizeof(uint64_t)) };
	uint64_t number = 0;
	bool good = true;

	while (good && number < (uint64_t)run->options->count) {
		struct batch batch = { .bases = run->bases, .base_count = base_count() };

		number = fill(run, &batch, &numbers, number);
		good = boot(run, &batch, &numbers);
		batch_free(&batch);
		if (good)
			show_progress(run, number);
	}
	free(numbers.of);
	return good;
}

/* r33 fuzz */
static int
run_fuzz(const struct command_options *options)
{
	struct fuzz_run run = { .options = options };
	char installed[ENGINE_VERSION_BYTES];
	int64_t begin = now_ms();
	bool good;

	if (!engine_needs_vmx(&options->run))
		return STATUS_USAGE;
	run.version = measured_ask(&options->run, installed);
	if (!caps_of_engine(&options->run, &run.capabilities))
		return STATUS_ENGINE_OR_FILE;
	run.bases = allocate(base_count(), sizeof(*run.bases));
	for (unsigned i = 0; i < base_count(); i++)
		base_make(i, &run.capabilities, &run.bases[i]);
	fuzz_prepare(&run.fuzz, &run.capabilities, run.bases);
	good = run_all(&run);
	if (good)
		printf("%s%s%s, %s, seed %llu: %llu states entered (%llu of them to fail), "
		       "%llu skipped, %llu new deviations, %.1f s\n",
		        options->run.engine->name, installed[0] ? " " : "", installed,
		        options->run.cpu, (unsigned long long)options->seed,
		        (unsigned long long)run.entered, (unsigned long long)run.failing,
		        (unsigned long long)run.skipped, (unsigned long long)run.deviations,
		        (double)(now_ms() - begin) / 1000);
	fuzz_free(&run.fuzz);
	free(run.bases);
	if (!good)
		return STATUS_ENGINE_OR_FILE;
	return run.deviations ? STATUS_POINTS_LOST : STATUS_ALL_POINTS;
}

const struct command command_fuzz = {
	.name = "fuzz",
	.summary = "Enter random guest states and compare the processor with the rules.",
	.options = "eacNSTKr",
	.help = "The states are valid ones with one to three mutations; the same seed gives\n"
	        "the same states.  A state on which the processor deviates from the rules is\n"
	        "reduced as far as possible and printed as a dump, for 'r33 explain' and\n"
	        "'r33 enter'.  Known deviations of the engine (docs/engines.md) do not count,\n"
	        "and states that would never exit are skipped.  The first ten new deviations\n"
	        "are printed; all are counted.\n"
	        "\n"
	        "exit status: 0 no new deviation, 1 new deviations, 2 wrong usage,\n"
	        "3 the engine failed\n"
	        "\n"
	        "examples:\n"
	        "  r33 fuzz --count 1000000\n"
	        "  r33 fuzz --cpu corei7_skylake_x --seed 7\n",
	.run = run_fuzz,
};
