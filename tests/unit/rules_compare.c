/* The library against the oracle: see rules_compare.h. */
#include "rules_compare.h"

#include <stdio.h>

#include "rules/terms.h"

enum { MESSAGE_BYTES = 200 };
static char message[MESSAGE_BYTES];

/* All memory is known; where the state has none, it is 0. */
static bool
read_memory(void *context, uint64_t address, uint64_t *value)
{
	*value = vmcs_memory(context, address);
	return true;
}

struct rule_input
compare_input(const struct vmcs *state, const struct capabilities *processor, bool in_smm)
{
	struct rule_input input = vmcs_rule_input(state, processor);

	input.read_memory = read_memory;
	if (in_smm)
		input.assume_true |= ON(IN_SMM);
	return input;
}

/* Offending bits: some, and only such as the field has. */
static bool
is_sane(const struct rule_violation *violation)
{
	uint64_t width =
	        violation->rule->looks_outside ? UINT64_MAX : vmcs_field_mask(violation->field);

	return violation->offending != 0 && (violation->offending & ~width) == 0;
}

/* The library's violations as the oracle has them; NULL or what is wrong with one. */
static const char *
collect(const struct rule_violation *violations, size_t count, uint64_t found[CATALOGUE_SIZE])
{
	for (size_t i = 0; i < count && i < COMPARE_ROOM; i++) {
		enum catalogue_id id = catalogue_find(violations[i].rule->id);

		if (id == CATALOGUE_SIZE || !is_sane(&violations[i])) {
			snprintf(message, sizeof(message), "%s: %s, offending %#llx",
			        violations[i].rule->id,
			        id == CATALOGUE_SIZE ? "unknown identifier"
			                             : "wrong offending bits",
			        (unsigned long long)violations[i].offending);
			return message;
		}
		if (violations[i].index >= ORACLE_ENTRIES)
			continue;
		if (found[id] >> violations[i].index & 1) {
			snprintf(message, sizeof(message), "%s is violated twice",
			        violations[i].rule->id);
			return message;
		}
		found[id] |= 1ull << violations[i].index;
	}
	return NULL;
}

const char *
compare(const struct vmcs *state, const struct capabilities *processor, bool in_smm,
        struct coverage *coverage)
{
	struct rule_input input = compare_input(state, processor, in_smm);
	struct rule_violation violations[COMPARE_ROOM];
	uint64_t found[CATALOGUE_SIZE] = { 0 };
	struct oracle oracle;
	size_t count = rules_check(&input, violations, COMPARE_ROOM);
	const char *wrong = collect(violations, count, found);

	if (wrong)
		return wrong;
	oracle_judge(&oracle, state, processor, in_smm);
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++) {
		if (found[i] != oracle.violated[i]) {
			snprintf(message, sizeof(message),
			        "%s: the rules say %#llx, the oracle %#llx",
			        catalogue_name((enum catalogue_id)i), (unsigned long long)found[i],
			        (unsigned long long)oracle.violated[i]);
			return message;
		}
		if (coverage) {
			coverage->violated[i] += oracle.violated[i] != 0;
			coverage->held[i] += (oracle.applies[i] & ~oracle.violated[i]) != 0;
		}
	}
	return NULL;
}
