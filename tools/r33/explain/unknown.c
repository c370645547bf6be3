/*
 * What could not be judged, and why; and what was judged although it is not known what the processor
 * offers.
 */
#include <stdlib.h>

#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "input.h"
#include "rules/terms.h"

static bool
does_not_apply(const struct rule_terms *terms, const struct rule *rule)
{
	return rule->when & terms->false_conditions || rule->unless & terms->true_conditions;
}

/* Does the rule look at the field? */
static bool
looks_at(const struct rule *rule, unsigned field)
{
	unsigned last = rule->field;

	if (rule->repeat && rule->repeat != REPEAT_MSR_LOAD)
		last += rule->repeat - 1u;
	if (field >= rule->field && field <= last)
		return true;
	for (size_t i = 0; i < sizeof(rule->also) && rule->also[i]; i++) {
		if (rule->also[i] == field)
			return true;
	}
	return false;
}

/* The unknown fields that the rule would need, and why they are unknown. */
static void
find_cause(struct unknown_rule *unknown, const struct explain_input *input,
        const struct rule_terms *terms)
{
	const struct rule *rule = unknown->rule;
	uint64_t undecided =
	        (rule->when | rule->unless) & ~(terms->true_conditions | terms->false_conditions);

	for (unsigned i = F_NONE + 1; i < RULE_FIELD_COUNT; i++) {
		uint32_t field = rule_field_encoding(i);

		if (terms->known[i] || !(looks_at(rule, i) || undecided & conditions_of_field(i)))
			continue;
		if (explain_is_mixed(input->dump, field))
			unknown->cause = CAUSE_MIXTURE;
		if (unknown->field_count < UNKNOWN_FIELDS)
			unknown->fields[unknown->field_count++] = field;
	}
	if (unknown->field_count == 0)
		unknown->cause = CAUSE_MEMORY;
}

static bool
is_violated(const struct explanation *explanation, const struct rule *rule)
{
	for (size_t i = 0; i < explanation->violation_count; i++) {
		if (explanation->violations[i].rule == rule)
			return true;
	}
	return false;
}

static bool
is_found_unknown(const struct explanation *explanation, const struct rule *rule)
{
	for (size_t i = 0; i < explanation->unknown_count; i++) {
		if (explanation->unknown[i].rule == rule)
			return true;
	}
	return false;
}

static bool
is_found_assumed(const struct explanation *explanation, const struct rule *rule)
{
	for (size_t i = 0; i < explanation->assumed_count; i++) {
		if (explanation->assumed[i].rule == rule)
			return true;
	}
	return false;
}

static bool
is_among(const struct rule *const *rules, size_t count, const struct rule *rule)
{
	for (size_t i = 0; i < count; i++) {
		if (rules[i] == rule)
			return true;
	}
	return false;
}

/* Needs the rule what QEMU shows otherwise: the bits of CR0 and CR4 that the hypervisor forces? */
static bool
needs_real_control_registers(const struct rule *rule)
{
	return (rule->field == F_GUEST_CR0 && rule->needs & 1u << NEEDS_CR0_FIXED) ||
	       (rule->field == F_GUEST_CR4 && rule->needs & 1u << NEEDS_CR4_FIXED);
}

/* Depends the rule on where the MSR-load area lies or on its size, which was made up? */
static bool
needs_msr_load_area(
        const struct explain_input *input, const struct rule_terms *terms, const struct rule *rule)
{
	if (rule->repeat == REPEAT_MSR_LOAD)
		return !terms->known[F_VM_ENTRY_MSR_LOAD_COUNT];
	return (input->made_up_address && looks_at(rule, F_VM_ENTRY_MSR_LOAD_ADDRESS)) ||
	       (input->made_up_count && looks_at(rule, F_VM_ENTRY_MSR_LOAD_COUNT));
}

/* Can the rule not be judged?  Then why. */
static bool
is_unknown(struct unknown_rule *unknown, const struct explain_input *input,
        const struct rule_terms *terms, bool undecided)
{
	const struct rule *rule = unknown->rule;

	if (input->dump->guest_view_of_control_registers && needs_real_control_registers(rule) &&
	        !does_not_apply(terms, rule)) {
		unknown->cause = CAUSE_GUEST_VIEW;
		return true;
	}
	if (undecided) {
		find_cause(unknown, input, terms);
		return true;
	}
	if (does_not_apply(terms, rule))
		return false;
	if (needs_msr_load_area(input, terms, rule)) {
		unknown->fields[unknown->field_count++] = rule_field_encoding(rule->field);
		return true;
	}
	unknown->cause = CAUSE_CUT;
	return explain_is_cut(input->dump, rule_field_encoding(rule->field));
}

/* Violations of rules that this dump cannot show violated. */
static void
drop_violations(struct explanation *explanation)
{
	size_t kept = 0;

	for (size_t i = 0; i < explanation->violation_count; i++) {
		if (!explanation->dump->guest_view_of_control_registers ||
		        !needs_real_control_registers(explanation->violations[i].rule))
			explanation->violations[kept++] = explanation->violations[i];
	}
	explanation->violation_count = kept;
}

/* Judge once more, for the processor that offers least: what it refuses and the lenient one does not
 * depends on the processor. */
static void
find_assumed(struct explanation *explanation, const struct explain_input *input)
{
	struct rule_input strict = input->rules;
	size_t count;

	strict.capabilities = &explanation->caps->least;
	count = rules_check(&strict, NULL, 0);
	explanation->assumed = allocate(count + 1, sizeof(*explanation->assumed));
	if (count > 0) {
		struct rule_violation *violations = allocate(count, sizeof(*violations));

		count = rules_check(&strict, violations, count);
		for (size_t i = 0; i < count; i++) {
			if (!is_violated(explanation, violations[i].rule) &&
			        !is_found_unknown(explanation, violations[i].rule) &&
			        !is_found_assumed(explanation, violations[i].rule))
				explanation->assumed[explanation->assumed_count++] = violations[i];
		}
		free(violations);
	}
}

void
explain_find_unknown(struct explanation *explanation, const struct explain_input *input)
{
	size_t total = 0, undecided_count;
	const struct rule **undecided;
	struct rule_terms terms;

	rule_terms_find(&input->rules, &terms);
	drop_violations(explanation);
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		total += (*group)->count;
	explanation->unknown = allocate(total, sizeof(*explanation->unknown));
	undecided = allocate(total, sizeof(struct rule *));
	undecided_count = rules_unknown(&input->rules, undecided, total);
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			struct unknown_rule unknown = { .rule = &(*group)->rules[i] };

			if (!is_violated(explanation, unknown.rule) &&
			        is_unknown(&unknown, input, &terms,
			                is_among(undecided, undecided_count, unknown.rule)))
				explanation->unknown[explanation->unknown_count++] = unknown;
		}
	}
	free(undecided);
	find_assumed(explanation, input);
}
