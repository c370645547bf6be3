/* States on which the processor deviates from the rules: see reproducer.h. */
#include "reproducer.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "dump/dump.h"
#include "predict.h"
#include "state/bases.h"
#include "state/caps.h"

enum { MOST_CHANGES = 12 };

/* One place in which the state is not as its base. */
struct change {
	uint32_t field; /* 0: memory */
	uint64_t address, value;
};

static unsigned
list_changes(const struct vmcs *base, const struct vmcs *state, struct change *list)
{
	unsigned count = 0;

	for (unsigned i = 0; i < VMCS_FIELD_COUNT && count < MOST_CHANGES; i++)
		if (state->known[i] && state->values[i] != base->values[i])
			list[count++] = (struct change){ vmcs_encoding(i), 0, state->values[i] };
	for (unsigned i = 0; i < state->word_count && count < MOST_CHANGES; i++)
		if (vmcs_memory(base, state->memory[i].address) != state->memory[i].value)
			list[count++] = (struct change){ 0, state->memory[i].address,
				state->memory[i].value };
	return count;
}

/* The base with those differences that have a bit in the set. */
static void
make_subset(const struct vmcs *base, const struct change *list, unsigned count, unsigned set,
        struct vmcs *state)
{
	*state = *base;
	for (unsigned i = 0; i < count; i++) {
		if (!(set >> i & 1))
			continue;
		if (list[i].field)
			vmcs_set(state, list[i].field, list[i].value);
		else
			vmcs_set_memory(state, list[i].address, list[i].value);
	}
}

static bool
deviates(const struct batch_answer *answer, uint32_t predicted, uint32_t mask)
{
	uint32_t seen = BATCH_RESULT(answer->end, answer->end == BATCH_ENTERED ? 0 : answer->code,
	        answer->end == BATCH_ENTRY_FAILED ? answer->qualification : 0);

	return (seen ^ predicted) & mask;
}

static const char *
end_text(unsigned end, unsigned code, unsigned qualification, char text[80])
{
	if (end == BATCH_ENTERED)
		snprintf(text, 80, "entered");
	else if (end == BATCH_VMFAIL)
		snprintf(text, 80, "VMfail, VM-instruction error %u", code);
	else
		snprintf(text, 80, "exit reason %u, qualification %u", code, qualification);
	return text;
}

/* The dump's view of a state; its arrays are to be freed. */
static struct dump
dump_of(const struct vmcs *state, const char *cpu)
{
	struct dump dump = { .format = DUMP_R33, .cpu = (char *)cpu };

	dump.fields = allocate(VMCS_FIELD_COUNT, sizeof(*dump.fields));
	dump.memory = allocate(VMCS_MEMORY_WORDS, sizeof(*dump.memory));
	for (unsigned i = 0; i < VMCS_FIELD_COUNT; i++)
		if (state->known[i])
			dump.fields[dump.field_count++] =
			        (struct dump_field){ vmcs_encoding(i), state->values[i], 0 };
	for (unsigned i = 0; i < state->word_count; i++)
		dump.memory[dump.memory_count++] =
		        (struct dump_memory){ state->memory[i].address, state->memory[i].value };
	dump.has_current_vmcs = state->address != 0;
	dump.current_vmcs = state->address;
	return dump;
}

void
reproducer_write(FILE *out, const struct run_options *options, enum bochs_version version,
        const struct vmcs *state, uint32_t predicted, const struct batch_answer *answer)
{
	char *cpu = caps_model_of(options->root, options->cpu, version);
	struct dump dump = dump_of(state, cpu);
	char text[80];

	dump_write(out, &dump, NULL);
	fprintf(out, "# the rules say: %s\n",
	        end_text(predicted >> 24, predicted >> 16 & 0xff, predicted & 0xffff, text));
	fprintf(out, "# %s did: %s\n", options->engine->name,
	        answer ? end_text(answer->end, answer->code, answer->qualification, text)
	               : "not come back");
	free(dump.fields);
	free(dump.memory);
	free(cpu);
}

/* Of the answers to all subsets, the smallest that deviates; 0: none does any more. */
static unsigned
smallest(const struct batch_run *run, const uint32_t *predicted, const uint32_t *masks,
        const unsigned *sets, const struct batch_answer **answer)
{
	unsigned best = 0;

	for (size_t i = 0; i < run->answer_count; i++) {
		unsigned number = run->answers[i].number;

		if (!deviates(&run->answers[i], predicted[number], masks[number]))
			continue;
		if (best == 0 || __builtin_popcount(sets[number]) < __builtin_popcount(best)) {
			best = sets[number];
			*answer = &run->answers[i];
		}
	}
	return best;
}

bool
reproducer_print(const struct run_options *options, const struct capabilities *capabilities,
        enum bochs_version version, const struct vmcs *bases, unsigned base,
        const struct vmcs *state, const struct batch_answer *answer)
{
	struct change list[MOST_CHANGES];
	unsigned count = list_changes(&bases[base], state, list), set = 0;
	unsigned *sets = allocate(1u << count, sizeof(*sets));
	uint32_t *predicted = allocate(1u << count, sizeof(*predicted));
	uint32_t *masks = allocate(1u << count, sizeof(*masks));
	struct batch batch = {
		.bases = bases, .base_count = base_count(), .flags = BATCH_REPORT_ALL
	};
	struct vmcs *small = allocate(1, sizeof(*small));
	struct batch_run run;
	uint32_t mask;
	bool good;

	for (unsigned i = 1; i < 1u << count; i++) {
		unsigned number = batch.state_count;

		make_subset(&bases[base], list, count, i, small);
		sets[number] = i;
		predicted[number] = predict(small, capabilities, version, &masks[number]);
		if (predict_may_enter(small, predicted[number]))
			batch_add(&batch, base, small, predicted[number], masks[number]);
	}
	good = batch_enter(&batch, options, &run);
	if (good && run.complete)
		set = smallest(&run, predicted, masks, sets, &answer);
	if (set)
		make_subset(&bases[base], list, count, set, small);
	else
		*small = *state;
	printf("# base %s with:", base_name(base));
	for (unsigned i = 0; i < count; i++)
		if (!set || set >> i & 1)
			printf(" %s=%#llx",
			        list[i].field ? vmcs_field_name(list[i].field) : "memory",
			        (unsigned long long)list[i].value);
	putchar('\n');
	reproducer_write(stdout, options, version, small,
	        predict(small, capabilities, version, &mask), answer);
	fflush(stdout);
	batch_run_free(&run);
	batch_free(&batch);
	free(small);
	free(masks);
	free(predicted);
	free(sets);
	return good;
}
