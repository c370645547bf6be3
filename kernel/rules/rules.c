/* Check all rules. */
#include "rules/state.h"

const struct rule_group *const rule_groups[] = {
	&control_register_rules,
	&msr_rules,
	&newer_msr_rules,
	&segment_rules,
	&segment_v86_rules,
	&segment_privilege_rules,
	&system_segment_rules,
	&entry_point_rules,
	&activity_rules,
	&interruptibility_rules,
	&pending_debug_rules,
	&link_pointer_rules,
	&pdpte_rules,
	&msr_load_rules,
	&control_setting_rules,
	&execution_control_rules,
	&apic_control_rules,
	&exit_control_rules,
	&entry_control_rules,
	&injection_rules,
	NULL,
};

#define RULE_FIELD_ENCODING(name) [F_##name] = name,
static const uint32_t encodings[RULE_FIELD_COUNT] = { RULE_FIELDS(RULE_FIELD_ENCODING) };

/* Entries of an MSR-load area that are looked at: what IA32_VMX_MISC recommends at most. */
#define MSR_LOAD_MAX 4096

enum applicability { APPLIES, DOES_NOT_APPLY, NOBODY_KNOWS };

uint32_t
rule_field_encoding(unsigned rule_field)
{
	return rule_field < RULE_FIELD_COUNT ? encodings[rule_field] : 0;
}

static void
read_state(const struct rule_input *input, struct rule_state *state)
{
	bool all_known = true;

	state->input = input;
	state->capabilities = input->capabilities;
	state->values[F_NONE] = 0;
	state->known[F_NONE] = true;
	if (input->read_many)
		input->read_many(input->context, &encodings[F_NONE + 1], RULE_FIELD_COUNT - 1,
		        &state->values[F_NONE + 1], &state->known[F_NONE + 1]);
	else
		for (unsigned i = F_NONE + 1; i < RULE_FIELD_COUNT; i++)
			state->known[i] =
			        input->read(input->context, encodings[i], &state->values[i]);
	for (unsigned i = F_NONE + 1; i < RULE_FIELD_COUNT; i++)
		all_known &= state->known[i];
	for (unsigned i = F_NONE + 1; i < RULE_FIELD_COUNT && !all_known; i++)
		if (!state->known[i])
			state->values[i] = 0;
	state->all_known = all_known;
	conditions_find(state);
}

void
rule_terms_find(const struct rule_input *input, struct rule_terms *terms)
{
	struct rule_state state;

	read_state(input, &state);
	for (unsigned i = F_NONE; i < RULE_FIELD_COUNT; i++)
		terms->known[i] = state.known[i];
	terms->true_conditions = state.true_conditions;
	terms->false_conditions = state.false_conditions;
}

static bool
does_not_apply(const struct rule_state *state, const struct rule *rule)
{
	return rule->when & state->false_conditions || rule->unless & state->true_conditions;
}

static enum applicability
applicability(const struct rule_state *state, const struct rule *rule)
{
	if (does_not_apply(state, rule))
		return DOES_NOT_APPLY;
	if (rule->when & ~state->true_conditions || rule->unless & ~state->false_conditions)
		return NOBODY_KNOWS;
	return APPLIES;
}

/* A repeated rule's check number index is of the field so many further on ... */
static unsigned
field_step(const struct rule *rule, unsigned index)
{
	return rule->repeat && rule->repeat != REPEAT_MSR_LOAD ? index : 0;
}

/* ... and its function is told the number; other functions are told the rule's own index. */
static unsigned
argument_of(const struct rule *rule, unsigned index)
{
	return rule->repeat ? index : rule->index;
}

/* Are the fields known that the rule's check number index looks at? */
static bool
fields_known(const struct rule_state *state, const struct rule *rule, unsigned index)
{
	if (state->all_known)
		return true;
	for (unsigned i = 0; i < sizeof(rule->also) && rule->also[i]; i++)
		if (!state->known[rule->also[i]])
			return false;
	return state->known[rule->field + field_step(rule, index)];
}

static unsigned
repetitions(const struct rule_state *state, const struct rule *rule)
{
	uint64_t entries = FIELD(state, VM_ENTRY_MSR_LOAD_COUNT);

	if (rule->repeat != REPEAT_MSR_LOAD)
		return rule->repeat ? rule->repeat : 1;
	return entries < MSR_LOAD_MAX ? (unsigned)entries : MSR_LOAD_MAX;
}

/* What a walk through the table is after, and where it puts it. */
enum purpose { ALL_VIOLATIONS, VIOLATIONS_BOCHS_SEES, UNKNOWN_RULES };

struct walk {
	enum purpose purpose;
	enum bochs_version version; /* of VIOLATIONS_BOCHS_SEES */
	struct rule_violation *violations;
	const struct rule **unknown;
	size_t maximum;
	size_t count;
};

static bool
bochs_lets_pass(const struct walk *walk, struct rule_state *state, const struct rule *rule,
        unsigned argument)
{
	unsigned answer = rule->bochs[walk->version];

	return answer == BOCHS_LETS_PASS || (answer == BOCHS_DIFFERS && rule->bochs_lets_pass &&
	                                            rule->bochs_lets_pass(state, argument));
}

static void
take_violation(struct walk *walk, struct rule_state *state, const struct rule *rule, unsigned index,
        uint64_t offending)
{
	unsigned field = rule->field + field_step(rule, index);

	if (walk->purpose == VIOLATIONS_BOCHS_SEES &&
	        bochs_lets_pass(walk, state, rule, argument_of(rule, index)))
		return;
	if (walk->count < walk->maximum)
		walk->violations[walk->count] = (struct rule_violation){
			.rule = rule,
			.index = index,
			.field = encodings[field],
			.value = rule->looks_outside ? state->outside_value : state->values[field],
			.offending = offending,
		};
	walk->count++;
}

/* Check number index of a rule that applies, or that may apply.  False: that is not known. */
static bool
check_once(struct walk *walk, struct rule_state *state, const struct rule *rule, unsigned index,
        enum applicability applies)
{
	uint64_t offending;

	if (!fields_known(state, rule, index))
		return false;
	state->outside_unknown = false;
	state->outside_value = state->values[rule->field + field_step(rule, index)];
	offending = rule->offending(state, argument_of(rule, index));
	if (state->outside_unknown)
		return false;
	if (!offending)
		return true;
	if (applies == NOBODY_KNOWS)
		return false;
	if (walk->purpose != UNKNOWN_RULES)
		take_violation(walk, state, rule, index, offending);
	return true;
}

static void
check_rule(struct walk *walk, struct rule_state *state, const struct rule *rule)
{
	enum applicability applies = applicability(state, rule);
	unsigned count = applies == DOES_NOT_APPLY ? 0 : repetitions(state, rule);
	/* Without the number of entries none is known. */
	bool decided = applies != NOBODY_KNOWS || count;

	for (unsigned i = 0; i < count; i++)
		decided &= check_once(walk, state, rule, i, applies);
	if (decided || walk->purpose != UNKNOWN_RULES)
		return;
	if (walk->count < walk->maximum)
		walk->unknown[walk->count] = rule;
	walk->count++;
}

/* All rules of a group.  Nearly all rules of nearly all states hold or do not apply: those take the
 * short way, and what is at hand anyway stays in registers. */
static void
check_group(struct walk *walk, struct rule_state *state, const struct rule_group *group)
{
	const uint64_t is_true = state->true_conditions, is_false = state->false_conditions;
	const struct rule *rule = group->rules, *end = rule + group->count;

	for (; rule < end; rule++)
		if (!((rule->when & is_false) | (rule->unless & is_true)) &&
		        (rule->repeat | rule->looks_outside || !fields_known(state, rule, 0) ||
		                rule->offending(state, rule->index)))
			check_rule(walk, state, rule);
}

static size_t
check_all(struct walk walk, const struct rule_input *input)
{
	struct rule_state state;

	read_state(input, &state);
	state.version = walk.version;
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		check_group(&walk, &state, *group);
	if (walk.purpose == VIOLATIONS_BOCHS_SEES)
		check_group(&walk, &state, &rules_of_bochs);
	return walk.count;
}

size_t
rules_check(const struct rule_input *input, struct rule_violation *violations, size_t maximum)
{
	return check_all((struct walk){ .violations = violations, .maximum = maximum }, input);
}

size_t
rules_check_as_bochs(const struct rule_input *input, enum bochs_version version,
        struct rule_violation *violations, size_t maximum)
{
	return check_all((struct walk){ .purpose = version < BOCHS_VERSIONS ? VIOLATIONS_BOCHS_SEES
	                                                                    : ALL_VIOLATIONS,
	                         .version = version,
	                         .violations = violations,
	                         .maximum = maximum },
	        input);
}

size_t
rules_unknown(const struct rule_input *input, const struct rule **unknown, size_t maximum)
{
	return check_all(
	        (struct walk){ .purpose = UNKNOWN_RULES, .unknown = unknown, .maximum = maximum },
	        input);
}

uint64_t
rule_qualification(const struct rule_violation *violation)
{
	return violation->rule->outcome == MSR_LOAD_FAILS ? violation->index + 1
	                                                  : violation->rule->qualification;
}

unsigned
rule_unmet_condition(const struct rule_input *input, const struct rule *rule, bool *holds)
{
	struct rule_state state;
	uint64_t unmet;

	read_state(input, &state);
	*holds = rule->unless & state.true_conditions;
	unmet = *holds ? rule->unless & state.true_conditions : rule->when & state.false_conditions;
	for (unsigned i = 0; i < 64; i++)
		if (unmet >> i & 1)
			return i;
	return RULE_CONDITION_NONE;
}

static bool
same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

const struct rule *
rule_find(const char *id)
{
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		for (size_t i = 0; i < (*group)->count; i++)
			if (same((*group)->rules[i].id, id))
				return &(*group)->rules[i];
	return NULL;
}
