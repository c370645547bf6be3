/*
 * Unit tests of what the rules make of dumps that do not tell everything.  A rule that does not know
 * one of its fields is unknown, unless the others decide it; it is never violated or fine by luck.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "rules_compare.h"
#include "rules_models.h"
#include "rules_states.h"
#include "state/bases.h"

enum { SEED = 1, HIDDEN = 5000, SEARCHED = 100000, WITHOUT_MEMORY = 20000, VALUES = 98 };

static struct state_source sources[MODELS];

/* Rule by field: has the field's value changed the rule's verdict? */
static bool changed[CATALOGUE_SIZE][VMCS_FIELD_COUNT];

/* The library's answer. */
struct answer {
	uint64_t violated[CATALOGUE_SIZE];
	bool unknown[CATALOGUE_SIZE];
	bool repeated[CATALOGUE_SIZE];
};

static int
prepare(void **state)
{
	(void)state;
	states_prepare_models(sources);
	return 0;
}

static int
clean_up(void **state)
{
	(void)state;
	states_free_models(sources);
	return 0;
}

static void
ask(const struct rule_input *input, struct answer *answer)
{
	struct rule_violation violations[COMPARE_ROOM];
	const struct rule *unknown[RULES_MAX] = { NULL };
	size_t count = rules_check(input, violations, COMPARE_ROOM);

	memset(answer, 0, sizeof(*answer));
	assert_true(count <= COMPARE_ROOM);
	for (size_t i = 0; i < count; i++)
		if (violations[i].index < ORACLE_ENTRIES)
			answer->violated[catalogue_find(violations[i].rule->id)] |=
			        1ull << violations[i].index;
	count = rules_unknown(input, unknown, RULES_MAX);
	assert_true(count <= RULES_MAX);
	for (size_t i = 0; i < count; i++) {
		enum catalogue_id id = catalogue_find(unknown[i]->id);

		assert_false(answer->unknown[id]);
		answer->unknown[id] = true;
		answer->repeated[id] = unknown[i]->repeat;
	}
}

/* Less is known than what the oracle knows: no violation is new, and of each one lost the rule is
 * unknown; only of repeated rules one check can be violated and another unknown. */
static void
assert_part_of(const struct answer *part, const struct oracle *whole, const char *what)
{
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++) {
		const char *id = catalogue_name((enum catalogue_id)i);

		if (part->violated[i] & ~whole->violated[i])
			fail_msg("%s is newly violated without %s", id, what);
		if (whole->violated[i] & ~part->violated[i] && !part->unknown[i])
			fail_msg("%s is newly fine without %s", id, what);
		if (part->violated[i] && part->unknown[i] && !part->repeated[i])
			fail_msg("%s is violated and unknown without %s", id, what);
	}
}

/* Values that the hidden field might have: a bit or the lowest bits are others, or something usual. */
static void
make_values(const struct state_source *source, const struct vmcs *vmcs, uint32_t field,
        uint64_t values[VALUES])
{
	const uint64_t usual[] = { 0, ~0ull, 0x80000b0d, 0x80000312, vmcs->address, BASE_LINKED,
		BASE_SHADOW, BASE_OTHER, BASE_CR3,
		(1ull << source->fuzz.capabilities->physical_address_width) - 16 };
	uint64_t value = vmcs_get(vmcs, field);
	unsigned count = 0;

	for (unsigned i = 0; i < 64; i++)
		values[count++] = value ^ 1ull << i;
	for (uint64_t i = 0; i < 16; i++)
		values[count++] = (value & ~0xfull) | i;
	for (uint64_t i = 0; i < 8; i++)
		values[count++] = 0x80000000 | i << 8 | (i == 2 ? 2 : 0);
	for (unsigned i = 0; i < COUNT(usual); i++)
		values[count++] = usual[i];
	assert_int_equal(count, VALUES);
}

/* Find the rules whose verdict depends on the field in this state: those for which one of the values
 * changes it. */
static void
find_dependent(const struct oracle *whole, uint32_t field, const uint64_t values[VALUES],
        bool dependent[CATALOGUE_SIZE])
{
	memset(dependent, 0, CATALOGUE_SIZE * sizeof(dependent[0]));
	for (unsigned v = 0; v < VALUES; v++) {
		struct vmcs other = *whole->vmcs;
		struct oracle oracle;

		vmcs_set(&other, field, values[v]);
		oracle_judge(&oracle, &other, whole->processor, whole->in_smm);
		for (unsigned i = 0; i < CATALOGUE_SIZE; i++)
			dependent[i] |= oracle.violated[i] != whole->violated[i];
	}
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++)
		changed[i][vmcs_index(field)] |= dependent[i];
}

/* Does the table say that the rule looks at the field's value, not only whether it applies? */
static bool
is_looked_at(const struct rule *rule, uint32_t field)
{
	unsigned repeats = rule->repeat && rule->repeat != REPEAT_MSR_LOAD ? rule->repeat : 1;

	for (unsigned i = 0; i < repeats; i++)
		if (rule_field_encoding(rule->field + i) == field)
			return true;
	for (unsigned i = 0; i < sizeof(rule->also) && rule->also[i]; i++)
		if (rule_field_encoding(rule->also[i]) == field)
			return true;
	return false;
}

/* Without the count nobody knows of MSR-load entries; that two controls are of the same field, and so
 * both 0 without bit 31 of the primary ones, is asked too much. */
static bool
is_excused(enum catalogue_id id, uint32_t field)
{
	if (field == VM_ENTRY_MSR_LOAD_COUNT)
		return strncmp(catalogue_name(id), "MSRL-", 5) == 0;
	return field == PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS &&
	       (id == ID_CTL_URG_EPT || id == ID_CTL_PML_EPT);
}

/* A rule is unknown exactly if the field decides it, or if it looks at the field. */
static void
assert_unknown_if_dependent(const struct answer *all, const struct answer *part, uint32_t field,
        const bool dependent[CATALOGUE_SIZE])
{
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++) {
		const char *id = catalogue_name((enum catalogue_id)i);

		if (dependent[i] && !part->unknown[i])
			fail_msg("%s is decided without %s, which decides it", id,
			        vmcs_field_name(field));
		if (part->unknown[i] && !all->unknown[i] && !dependent[i] &&
		        !is_looked_at(rule_find(id), field) &&
		        !is_excused((enum catalogue_id)i, field))
			fail_msg("%s is unknown without %s, whatever that is", id,
			        vmcs_field_name(field));
	}
}

/* A random state, with no more MSR-load entries than the oracle has room for. */
static bool
make_state(unsigned model, uint64_t number, struct vmcs *vmcs)
{
	states_make(&sources[model], SEED, number, vmcs);
	if (vmcs_get(vmcs, VM_ENTRY_MSR_LOAD_COUNT) > ORACLE_ENTRIES)
		vmcs_set(vmcs, VM_ENTRY_MSR_LOAD_COUNT, 1);
	return states_below(&sources[model], 4) == 0;
}

/* Hide one field of a random state. */
static void
hide_one(unsigned model, uint64_t number)
{
	bool dependent[CATALOGUE_SIZE], in_smm;
	uint64_t values[VALUES];
	struct rule_input input;
	struct oracle whole;
	struct answer part, all;
	struct vmcs vmcs, hidden;
	unsigned index;

	in_smm = make_state(model, number, &vmcs);
	do
		index = states_below(&sources[model], VMCS_FIELD_COUNT);
	while (!vmcs.known[index]);
	oracle_judge(&whole, &vmcs, &models[model], in_smm);
	input = compare_input(&vmcs, &models[model], in_smm);
	ask(&input, &all);
	hidden = vmcs;
	hidden.known[index] = false;
	hidden.values[index] = 0x5a5a5a5a5a5a5a5a;
	input = compare_input(&hidden, &models[model], in_smm);
	ask(&input, &part);
	assert_part_of(&part, &whole, vmcs_field_name(vmcs_encoding(index)));
	make_values(&sources[model], &vmcs, vmcs_encoding(index), values);
	find_dependent(&whole, vmcs_encoding(index), values, dependent);
	assert_unknown_if_dependent(&all, &part, vmcs_encoding(index), dependent);
}

static void
hidden_fields_make_rules_unknown(void **state)
{
	(void)state;
	for (unsigned i = 0; i < HIDDEN; i++)
		hide_one(i % MODELS, i);
}

/* Does the rule's verdict depend on the field in one of many states? */
static bool
depends(unsigned rule, uint32_t field)
{
	bool dependent[CATALOGUE_SIZE];
	uint64_t values[VALUES];
	struct oracle whole;
	struct vmcs vmcs;

	for (unsigned i = 0; i < SEARCHED && !changed[rule][vmcs_index(field)]; i++) {
		bool in_smm = make_state(i % MODELS, HIDDEN + i, &vmcs);

		oracle_judge(&whole, &vmcs, &models[i % MODELS], in_smm);
		make_values(&sources[i % MODELS], &vmcs, field, values);
		if (whole.applies[rule])
			find_dependent(&whole, field, values, dependent);
	}
	return changed[rule][vmcs_index(field)];
}

/* No rule says that it looks at a field without need: dumps may lack it. */
static void
rules_look_at_what_they_need(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++) {
		const struct rule *rule = rule_find(catalogue_name((enum catalogue_id)i));

		assert_non_null(rule);
		for (unsigned j = 0; j < VMCS_FIELD_COUNT; j++)
			if (is_looked_at(rule, vmcs_encoding(j)) && !depends(i, vmcs_encoding(j)))
				fail_msg("%s looks at %s, which never decides it", rule->id,
				        vmcs_field_name(vmcs_encoding(j)));
	}
}

/* Which rules look at memory or at the current-VMCS pointer. */
static bool
looks_outside(enum catalogue_id id)
{
	const char *name = catalogue_name(id);

	return strncmp(name, "LINK-", 5) == 0 || strncmp(name, "PDPTE-MEM-", 10) == 0 ||
	       strncmp(name, "MSRL-", 5) == 0 || id == ID_CTL_TPR_THRESHOLD;
}

/* Without memory and without the address of the VMCS only those rules are unknown, and each of them is
 * in some state. */
static void
memory_that_nobody_can_read_is_unknown(void **state)
{
	bool unknown[CATALOGUE_SIZE] = { false };
	struct oracle whole;
	struct answer part;
	struct vmcs vmcs = { 0 };

	(void)state;
	for (unsigned i = 0; i < WITHOUT_MEMORY; i++) {
		unsigned model = i % MODELS == ANY ? TIGERLAKE : i % MODELS;
		struct rule_input input = compare_input(&vmcs, &models[model], i % 2);

		states_make(&sources[model], SEED, i, &vmcs);
		oracle_judge(&whole, &vmcs, &models[model], i % 2);
		input.read_memory = NULL;
		input.current_vmcs_known = false;
		ask(&input, &part);
		assert_part_of(&part, &whole, "memory");
		for (unsigned j = 0; j < CATALOGUE_SIZE; j++) {
			if (part.unknown[j] && !looks_outside((enum catalogue_id)j))
				fail_msg("%s is unknown without memory",
				        catalogue_name((enum catalogue_id)j));
			unknown[j] |= part.unknown[j];
		}
	}
	for (unsigned j = 0; j < CATALOGUE_SIZE; j++)
		if (looks_outside((enum catalogue_id)j) && !unknown[j] && j != ID_LINK_ALIGN &&
		        j != ID_LINK_MAXPHY && j != ID_LINK_EXECUTIVE && j != ID_MSRL_COUNT)
			fail_msg("%s needs no memory", catalogue_name((enum catalogue_id)j));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hidden_fields_make_rules_unknown),
		cmocka_unit_test(rules_look_at_what_they_need),
		cmocka_unit_test(memory_that_nobody_can_read_is_unknown),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
