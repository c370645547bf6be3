/* Rule cases made into states: see pose.h. */
#include "pose.h"

#include <stdio.h>
#include <string.h>

#include <r33/array.h>

#include "predict.h"

/* Rules that a state breaks because the processor lacks something, not because the case is wrong. */
static const char *const of_the_processor[] = { "CR0-FIXED0", "CR4-FIXED1", "CTL-PIN-RSVD",
	"CTL-PROC-RSVD", "CTL-PROC2-RSVD", "CTL-EXIT-RSVD", "CTL-ENTRY-RSVD", "CTL-URG-EPT",
	"INJ-TYPE-RSVD" };

static bool
is_of_the_processor(const char *rule)
{
	for (size_t i = 0; i < COUNT(of_the_processor); i++)
		if (strcmp(rule, of_the_processor[i]) == 0)
			return true;
	return false;
}

enum { CASES_ADDRESS_WIDTH = 48 };

/* What the change sets on this processor: 800000000000h, the first address that is not canonical, is
 * 100000000000000h with 57 bits; the last one that is has all bits below it. */
static uint64_t
value_of(const struct change *change, const struct capabilities *capabilities)
{
	unsigned width = capabilities->linear_address_width;
	unsigned more =
	        change->is_address && width > CASES_ADDRESS_WIDTH ? width - CASES_ADDRESS_WIDTH : 0;

	return change->set << more | (change->set & 1 ? (1ull << more) - 1 : 0);
}

static void
apply(struct vmcs *vmcs, const struct change *changes, const struct capabilities *capabilities)
{
	for (unsigned i = 0; i < CASE_CHANGES; i++) {
		const struct change *change = &changes[i];
		uint64_t address = BATCH_MEMORY + (change->target & ~BATCH_TARGET_MEMORY);

		if (!change->clear && !change->set)
			continue;
		if (change->target & BATCH_TARGET_MEMORY)
			vmcs_set_memory(vmcs, address,
			        (vmcs_memory(vmcs, address) & ~change->clear) |
			                value_of(change, capabilities));
		else
			vmcs_set(vmcs, change->target,
			        (vmcs_get(vmcs, change->target) & ~change->clear) |
			                value_of(change, capabilities));
	}
}

/* A list of nothing.  (BITS(field, 0) means "see adjust".) */
static bool
is_empty(const struct change *changes)
{
	return !changes[0].target && !changes[0].clear && !changes[0].set;
}

/* The violated rules that a processor would report: controls come before guest state, guest state
 * before MSR loading.  Returns their number. */
static size_t
first_violations(const struct vmcs *vmcs, const struct capabilities *capabilities,
        struct rule_violation *violations)
{
	struct rule_input input = vmcs_rule_input(vmcs, capabilities);
	static const enum rule_outcome order[] = { VMFAIL_CONTROL, INVALID_GUEST_STATE,
		MSR_LOAD_FAILS };
	size_t count = rules_check(&input, violations, RULES_MAX), kept = 0;

	for (unsigned i = 0; i < COUNT(order) && !kept; i++)
		for (size_t j = 0; j < count && j < RULES_MAX; j++)
			if (violations[j].rule->outcome == order[i])
				violations[kept++] = violations[j];
	return kept;
}

/* Would an entry that Bochs lets succeed come back? */
static bool
comes_back(const struct vmcs *vmcs, const struct capabilities *capabilities,
        enum bochs_version version)
{
	uint32_t mask, predicted = predict(vmcs, capabilities, version, &mask);

	return predict_may_enter(vmcs, predicted);
}

/* Does the state break the case's rule and no other? */
static bool
check_broken(struct posed_case *posed, const struct capabilities *capabilities,
        enum bochs_version version)
{
	struct rule_violation violations[RULES_MAX];
	size_t count = first_violations(&posed->broken, capabilities, violations);
	const char *other = NULL;
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		if (violations[i].rule == posed->rule)
			found = true;
		else if (!other || is_of_the_processor(violations[i].rule->id))
			other = violations[i].rule->id;
	}
	if (found && !other) {
		posed->has_broken = comes_back(&posed->broken, capabilities, version);
		if (!posed->has_broken)
			snprintf(posed->reason, sizeof(posed->reason), "nothing ends such a guest");
		return true;
	}
	snprintf(posed->reason, sizeof(posed->reason),
	        other ? "%s is violated as well" : "%s holds", other ? other : posed->rule->id);
	/* Where it holds because it does not apply, the processor lacks what it is about. */
	return other ? is_of_the_processor(other) : posed->rule->needs || posed->rule->when;
}

/* Does the twin break nothing? */
static bool
check_twin(struct posed_case *posed, const struct capabilities *capabilities,
        enum bochs_version version)
{
	struct rule_violation violations[RULES_MAX];
	size_t count = first_violations(&posed->twin, capabilities, violations);

	if (count == 0) {
		posed->has_twin = comes_back(&posed->twin, capabilities, version);
		return true;
	}
	for (size_t i = 0; i < count; i++)
		if (is_of_the_processor(violations[i].rule->id))
			return true;
	snprintf(posed->reason, sizeof(posed->reason), "the twin violates %s",
	        violations[0].rule->id);
	return false;
}

bool
pose(const struct rule_case *test, const struct capabilities *capabilities,
        enum bochs_version version, struct posed_case *posed)
{
	int base = base_find(test->base);
	int twin_base = test->twin_base ? base_find(test->twin_base) : base;
	const char *no_base, *no_twin;

	memset(posed, 0, sizeof(*posed));
	posed->test = test;
	posed->rule = rule_find(test->rule);
	if (!posed->rule || base < 0 || twin_base < 0) {
		snprintf(posed->reason, sizeof(posed->reason), "there is no such %s",
		        posed->rule ? "base" : "rule");
		return false;
	}
	posed->base = (unsigned)base;
	posed->twin_base = (unsigned)twin_base;
	no_base = base_make(posed->base, capabilities, &posed->broken);
	no_twin = base_make(posed->twin_base, capabilities, &posed->twin);
	apply(&posed->broken, test->broken, capabilities);
	apply(&posed->twin, test->twin, capabilities);
	if (test->adjust)
		test->adjust(&posed->broken, &posed->twin, capabilities);
	if (no_base)
		snprintf(posed->reason, sizeof(posed->reason), "%s", no_base);
	if (is_empty(test->broken))
		snprintf(posed->reason, sizeof(posed->reason), "no state breaks it alone");
	if (!no_twin && !check_twin(posed, capabilities, version))
		return false;
	return no_base || is_empty(test->broken) || check_broken(posed, capabilities, version);
}
