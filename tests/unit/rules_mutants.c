/*
 * Do the tests notice when a rule is wrong?  Each mutant is one change of the library, made in memory
 * while the program runs: a rule's predicate negated, a condition negated, one condition dropped from
 * what a rule applies to.  Random states are judged until library and oracle disagree; a mutant with
 * which they never do has survived.
 *
 *   rules_mutants              as a unit test: the predicates
 *   rules_mutants all          all mutants; prints killed/total and the survivors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>

#include "rules/state.h"
#include "rules_compare.h"
#include "rules_models.h"
#include "rules_states.h"

enum {
	SEED = 4711,
	STATES = 40000,       /* kept, with what the oracle says of them */
	MORE_STATES = 400000, /* made anew for mutants that survive those */
};

/* A state, and numbers that stand for the oracle's verdict and for the rules that are unknown when one
 * field is hidden.  Those are the unchanged library's, which rules_hidden_test.c has judged. */
struct judged {
	struct vmcs vmcs;
	uint64_t verdict;
	uint64_t unknown;
	uint8_t hidden; /* index of the field */
	uint8_t model;
	bool in_smm;
};

static struct judged *kept;
static struct state_source sources[MODELS];

/* The mutant: what it changes in the way rules.c works.  NULL, or RULE_CONDITION_COUNT: nothing. */
static uint64_t (*negated_predicate)(struct rule_state *state, unsigned index);
static unsigned negated_condition = RULE_CONDITION_COUNT;

static unsigned killed, total;

/* In place of the predicate: it finds something where that finds nothing, and the other way round. */
static uint64_t
negated(struct rule_state *state, unsigned index)
{
	return negated_predicate(state, index) ? 0 : 1;
}

/* The linker puts this between rules.c and conditions.c (--wrap). */
void __real_conditions_find(struct rule_state *state);
void __wrap_conditions_find(struct rule_state *state);

void
__wrap_conditions_find(struct rule_state *state)
{
	uint64_t bit, was_true;

	__real_conditions_find(state);
	if (negated_condition == RULE_CONDITION_COUNT)
		return;
	bit = ON(negated_condition);
	was_true = state->true_conditions & bit;
	state->true_conditions = (state->true_conditions & ~bit) | (state->false_conditions & bit);
	state->false_conditions = (state->false_conditions & ~bit) | was_true;
}

/* The table is constant; here it is not. */
static struct rule *
writable(const struct rule *rule)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = (uintptr_t)rule & ~(page - 1);
	uintptr_t end = ((uintptr_t)(rule + 1) + page - 1) & ~(page - 1);

	if (mprotect((void *)begin, end - begin, PROT_READ | PROT_WRITE) != 0) {
		perror("rules_mutants: cannot make the table writable");
		exit(EXIT_FAILURE);
	}
	return (struct rule *)(uintptr_t)rule;
}

/* A number for one check of one rule; the sum stands for a set of them. */
static uint64_t
number_of(unsigned id, unsigned index)
{
	uint64_t z = ((uint64_t)id << 8 | index) * 0x9e3779b97f4a7c15ull + 1;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	return z ^ z >> 31;
}

static uint64_t
oracle_verdict(const struct vmcs *vmcs, const struct capabilities *processor, bool in_smm)
{
	struct oracle oracle;
	uint64_t sum = 0;

	oracle_judge(&oracle, vmcs, processor, in_smm);
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++)
		for (uint64_t left = oracle.violated[i]; left; left &= left - 1)
			sum += number_of(i, (unsigned)__builtin_ctzll(left));
	return sum;
}

/* The rules in the order of the table, as numbers of the catalogue. */
static const struct rule *rules[CATALOGUE_SIZE];
static unsigned rule_count;

static void
list_rules(void)
{
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		for (size_t i = 0; i < (*group)->count && rule_count < CATALOGUE_SIZE; i++)
			rules[rule_count++] = &(*group)->rules[i];
}

static uint64_t
library_verdict(const struct vmcs *vmcs, const struct capabilities *processor, bool in_smm)
{
	struct rule_violation violations[COMPARE_ROOM];
	struct rule_input input = compare_input(vmcs, processor, in_smm);
	size_t count = rules_check(&input, violations, COMPARE_ROOM);
	uint64_t sum = 0;

	for (size_t i = 0; i < count && i < COMPARE_ROOM; i++)
		if (violations[i].index < ORACLE_ENTRIES)
			sum += number_of(
			        catalogue_find(violations[i].rule->id), violations[i].index);
	return sum;
}

static uint64_t
unknown_rules(struct judged *judged)
{
	const struct rule *unknown[RULES_MAX] = { NULL };
	struct rule_input input =
	        compare_input(&judged->vmcs, &models[judged->model], judged->in_smm);
	bool known = judged->vmcs.known[judged->hidden];
	uint64_t sum = 0;
	size_t count;

	judged->vmcs.known[judged->hidden] = false;
	count = rules_unknown(&input, unknown, RULES_MAX);
	judged->vmcs.known[judged->hidden] = known;
	for (size_t i = 0; i < count && i < RULES_MAX; i++)
		sum += number_of(catalogue_find(unknown[i]->id), 0);
	return sum;
}

static void
make_state(uint64_t number, struct judged *judged)
{
	judged->model = (uint8_t)(number % MODELS);
	states_make(&sources[judged->model], SEED, number, &judged->vmcs);
	judged->in_smm = states_below(&sources[judged->model], 8) == 0;
	judged->hidden = (uint8_t)states_below(&sources[judged->model], VMCS_FIELD_COUNT);
}

static bool
disagrees(const struct judged *judged)
{
	return library_verdict(&judged->vmcs, &models[judged->model], judged->in_smm) !=
	       judged->verdict;
}

/* Is there a state of which library and oracle say different things? */
static bool
is_noticed(void)
{
	static struct judged judged;

	for (unsigned i = 0; i < STATES; i++)
		if (disagrees(&kept[i]) || unknown_rules(&kept[i]) != kept[i].unknown)
			return true;
	for (uint64_t i = STATES; i < STATES + MORE_STATES; i++) {
		make_state(i, &judged);
		judged.verdict = oracle_verdict(&judged.vmcs, &models[judged.model], judged.in_smm);
		if (disagrees(&judged))
			return true;
	}
	return false;
}

/* Mutants that change nothing: the predicate itself never finds fault with the pointer FFFFFFFF_FFFFFFFFh,
 * which is no address, or with "NMI-window exiting" 0. */
static bool
is_the_same(const struct rule *rule, unsigned condition)
{
	return (condition == LINK_POINTER_USED && rule->looks_outside) ||
	       (condition == NMI_WINDOW_EXITING && strcmp(rule->id, "CTL-NMIWIN") == 0);
}

/* Does any rule ask for the condition? */
static bool
is_used(unsigned condition)
{
	for (unsigned i = 0; i < rule_count; i++)
		if ((rules[i]->when | rules[i]->unless) & ON(condition))
			return true;
	return false;
}

static void
judge_mutant(const char *rule, const char *what, const char *condition)
{
	total++;
	if (is_noticed())
		killed++;
	else
		printf("survived: %s%s%s%s\n", rule, *rule ? ", " : "", what, condition);
}

static void
negate_predicates(void)
{
	for (unsigned i = 0; i < rule_count; i++) {
		struct rule *rule = writable(rules[i]);

		negated_predicate = rule->offending;
		rule->offending = negated;
		judge_mutant(rule->id, "predicate negated", "");
		rule->offending = negated_predicate;
	}
}

static void
negate_conditions(void)
{
	for (unsigned i = 0; i < RULE_CONDITION_COUNT; i++) {
		if (!is_used(i))
			continue;
		negated_condition = i;
		judge_mutant("", "negated: ", rule_condition_text(i, true));
	}
	negated_condition = RULE_CONDITION_COUNT;
}

/* Drop each bit of a word of conditions in turn. */
static void
drop_bits(const struct rule *rule, uint64_t *word, const char *what)
{
	uint64_t whole = *word;

	for (unsigned i = 0; i < RULE_CONDITION_COUNT; i++) {
		if (!(whole & ON(i)) || is_the_same(rule, i))
			continue;
		*word = whole & ~ON(i);
		judge_mutant(rule->id, what, rule_condition_text(i, true));
	}
	*word = whole;
}

static void
drop_conditions(void)
{
	for (unsigned i = 0; i < rule_count; i++) {
		struct rule *rule = writable(rules[i]);

		drop_bits(rule, &rule->when, "applies without: ");
		drop_bits(rule, &rule->unless, "applies in spite of: ");
	}
}

static bool
prepare(void)
{
	list_rules();
	kept = malloc(STATES * sizeof(*kept));
	if (!kept)
		return false;
	states_prepare_models(sources);
	for (unsigned i = 0; i < STATES; i++) {
		make_state(i, &kept[i]);
		kept[i].verdict =
		        oracle_verdict(&kept[i].vmcs, &models[kept[i].model], kept[i].in_smm);
		kept[i].unknown = unknown_rules(&kept[i]);
		if (disagrees(&kept[i])) {
			printf("state %u: library and oracle disagree without a mutant\n", i);
			return false;
		}
	}
	return true;
}

static void
clean_up(void)
{
	states_free_models(sources);
	free(kept);
}

int
main(int argc, char **argv)
{
	bool all = argc > 1 && strcmp(argv[1], "all") == 0;
	bool prepared = prepare();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!all)
		printf("1..1\n");
	if (prepared) {
		negate_predicates();
		if (all) {
			negate_conditions();
			drop_conditions();
		}
	}
	clean_up();
	if (all)
		printf("mutants of the rules: %u of %u killed\n", killed, total);
	else
		printf("%sok 1 - every_negated_predicate_is_noticed\n",
		        prepared && killed == total ? "" : "not ");
	return prepared && killed == total ? EXIT_SUCCESS : EXIT_FAILURE;
}
