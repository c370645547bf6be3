/*
 * Fuzzer of the rules: fields, memory and capabilities of anybody's choice.  Rules must neither crash
 * nor contradict themselves, and of a state of which all is known they must say what the oracle says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules_compare.h"
#include "rules_models.h"
#include "state/bases.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_WRITES = 40 };

/* The input: bytes from its begin, 0 behind its end. */
struct input {
	const uint8_t *data;
	size_t size;
};

static uint64_t
take(struct input *input, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++) {
		value = value << 8 | (input->size ? *input->data : 0);
		input->data += input->size > 0;
		input->size -= input->size > 0;
	}
	return value;
}

/* A model, and for some inputs a processor nobody has built: any bytes for a record. */
static bool
take_processor(struct input *input, struct capabilities *processor)
{
	unsigned kind = (unsigned)take(input, 1);
	bool strange = kind & 0x80;
	uint8_t *bytes = (uint8_t *)processor;

	*processor = models[kind % MODELS];
	if (!strange)
		return true;
	for (size_t i = 0; i < offsetof(struct capabilities, ept); i++)
		bytes[i] ^= (uint8_t)take(input, 1);
	/* Every processor lets PE and PG be 1. */
	processor->cr0_fixed1 |= 1ull << 31 | 1;
	/* With these widths the oracle knows its way. */
	return processor->physical_address_width >= 32 && processor->physical_address_width <= 52 &&
	       processor->linear_address_width >= 33 && processor->linear_address_width <= 63;
}

/* Fields, memory, and what of it is hidden.  Returns whether all is known. */
static bool
take_state(struct input *input, const struct capabilities *processor, struct vmcs *vmcs)
{
	bool all_known = true;
	unsigned writes = 0;

	if (base_make((unsigned)take(input, 1) % base_count(), processor, vmcs))
		base_make(0, processor, vmcs);
	while (input->size && writes++ < MOST_WRITES) {
		unsigned what = (unsigned)take(input, 1), index = what % VMCS_FIELD_COUNT;
		uint32_t field = vmcs_encoding(index);

		switch (take(input, 1) & 7) {
		case 0:
			vmcs->known[index] = false;
			all_known = false;
			break;
		case 1:
			if (vmcs->word_count < VMCS_MEMORY_WORDS)
				vmcs_set_memory(
				        vmcs, BASE_EPT + 8 * take(input, 2), take(input, 8));
			break;
		case 2:
			vmcs_set(vmcs, field, vmcs_get(vmcs, field) ^ 1ull << take(input, 1) % 64);
			break;
		case 3: vmcs_set(vmcs, field, take(input, 2)); break;
		case 4: vmcs_set(vmcs, field, take(input, 4)); break;
		default: vmcs_set(vmcs, field, take(input, 8)); break;
		}
	}
	return all_known;
}

static void
fail(const char *what, const char *rule)
{
	fprintf(stderr, "%s: %s\n", rule, what);
	abort();
}

/* Whatever is known: a rule that is not repeated is violated or unknown, not both, and once. */
static void
check_consistency(const struct rule_input *input)
{
	static struct rule_violation violations[RULES_MAX], as_bochs[RULES_MAX];
	const struct rule *unknown[RULES_MAX] = { NULL };
	bool is_unknown[CATALOGUE_SIZE] = { false }, is_violated[CATALOGUE_SIZE] = { false };
	size_t count = rules_unknown(input, unknown, RULES_MAX);

	if (count > CATALOGUE_SIZE)
		fail("more unknown rules than rules", "table");
	for (size_t i = 0; i < count; i++)
		is_unknown[catalogue_find(unknown[i]->id)] = true;
	count = rules_check(input, violations, RULES_MAX);
	for (size_t i = 0; i < count && i < RULES_MAX; i++) {
		const struct rule *rule = violations[i].rule;
		enum catalogue_id id = catalogue_find(rule->id);

		if (!violations[i].offending)
			fail("violated without a reason", rule->id);
		if (!rule->repeat && (is_unknown[id] || is_violated[id]))
			fail(is_unknown[id] ? "violated and unknown" : "violated twice", rule->id);
		is_violated[id] = true;
	}
	for (enum bochs_version i = BOCHS_2_7; i <= BOCHS_NONE; i++)
		if (rules_check_as_bochs(input, i, NULL, 0) !=
		        rules_check_as_bochs(input, i, as_bochs, RULES_MAX))
			fail("count depends on the room", "rules_check_as_bochs");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct capabilities processor;
	struct rule_input rule_input;
	struct vmcs vmcs;
	unsigned flags = (unsigned)take(&input, 1);
	bool sane, all_known;
	const char *difference;

	if (!models[PENRYN].vmx_basic)
		models_derive();
	sane = take_processor(&input, &processor);
	all_known = take_state(&input, &processor, &vmcs);
	rule_input = compare_input(&vmcs, &processor, flags & 1);
	if (flags & 2)
		rule_input.read_many = NULL;
	if (flags & 4)
		rule_input.read_memory = NULL;
	check_consistency(&rule_input);
	difference = sane && all_known ? compare(&vmcs, &processor, flags & 1, NULL) : NULL;
	if (difference)
		fail("library and oracle disagree", difference);
	return 0;
}
