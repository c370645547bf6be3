/* What the two kinds of exercises have in common: needless changes, and rules that hold. */
#include "attempt.h"

#include <r33/exit_reasons.h>

#include "lib/format.h"

/* Fields as the part found them, or left them; all others as they are. */
struct source {
	const struct attempt *attempt;
	const uint64_t *values;
};

/* NULL: the part could not change it. */
static const uint64_t *
value_of(const struct source *source, uint32_t field)
{
	for (size_t i = 0; i < source->attempt->field_count; i++)
		if (source->attempt->fields[i] == field)
			return &source->values[i];
	return NULL;
}

static bool
read_field(void *context, uint32_t field, uint64_t *value)
{
	const uint64_t *known = value_of(context, field);

	if (known)
		*value = *known;
	return known || vmx->read(field, value) == VMX_SUCCEED;
}

/* A rule that compares fields is not to be understood from one of them. */
static void
append_other_fields(
        const struct rule *rule, const struct source *source, struct case_result *result)
{
	for (size_t i = 0; i < sizeof(rule->also) && rule->also[i]; i++) {
		uint32_t field = rule_field_encoding(rule->also[i]);
		const uint64_t *value = value_of(source, field);

		if (value)
			result_append(result, ", %s is %#lx", vmcs_field_name(field), *value);
	}
}

void
explain_why_rule_holds(const struct attempt *attempt, const struct rule *rule, enum moment moment,
        struct case_result *result)
{
	struct source source = { attempt, moment == AS_GIVEN ? attempt->given : attempt->left };
	struct rule_input input = {
		.read = read_field,
		.context = &source,
		.capabilities = &vmx_capabilities,
	};
	uint32_t field = rule_field_encoding(rule->field);
	bool holds;
	unsigned condition = rule_unmet_condition(&input, rule, &holds);
	uint64_t value;

	if (condition != RULE_CONDITION_NONE) {
		result_append(result, "it does not apply, because %s",
		        rule_condition_text(condition, holds));
	} else if (read_field(&source, field, &value)) {
		result_append(result, "it demands %s, and %s is %#lx", rule->legal,
		        vmcs_field_name(field), value);
		append_other_fields(rule, &source, result);
	} else {
		result_append(result, "this processor has no %s", vmcs_field_name(field));
	}
}

unsigned
needless_changes(const struct attempt *attempt)
{
	size_t enough = change_count(attempt->exercise->answer);

	return attempt->changed_count > enough ? (unsigned)(attempt->changed_count - enough) : 0;
}

bool
failed_as_rule_says(const struct attempt *attempt, const struct guest_outcome *guest)
{
	return guest->end == GUEST_ENTRY_FAILED &&
	       guest->reason == EXIT_REASON_INVALID_GUEST_STATE &&
	       guest->qualification == attempt->rule->qualification;
}

void
mark_changes(struct attempt *attempt, enum field_state state)
{
	for (size_t i = 0; i < attempt->field_count; i++)
		attempt->states[i] =
		        (char)(attempt->left[i] == attempt->given[i] ? FIELD_NO_MATTER : state);
}

void
name_wrong_changes(const struct attempt *attempt, struct case_result *result)
{
	enum { MOST_NAMES = 4 };
	unsigned named = 0, others = 0;

	for (size_t i = 0; i < attempt->field_count; i++) {
		if (attempt->states[i] != FIELD_WRONG)
			continue;
		if (named == MOST_NAMES)
			others++;
		else
			result_append(result, "%s%s", named++ ? ", " : ": ",
			        vmcs_field_name(attempt->fields[i]));
	}
	if (others)
		result_append(result, " and %u more", others);
}
