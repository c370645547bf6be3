/* Unit tests of the rules' table itself: complete, as the catalogue has it, fit to be printed. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "rules/terms.h"
#include "rules_catalogue.h"
#include "state/vmcs.h"

enum { SHORT_TEXT = 10, LONG_TEXT = 40 };

/* Call the function with every rule. */
static void
for_each_rule(void (*function)(const struct rule *rule))
{
	for (const struct rule_group *const *group = rule_groups; *group; group++)
		for (size_t i = 0; i < (*group)->count; i++)
			function(&(*group)->rules[i]);
}

static unsigned found[CATALOGUE_SIZE];

static void
find_in_catalogue(const struct rule *rule)
{
	enum catalogue_id id = catalogue_find(rule->id);

	if (id == CATALOGUE_SIZE)
		fail_msg("%s is not in the catalogue", rule->id);
	found[id]++;
	assert_ptr_equal(rule_find(rule->id), rule);
}

/* The table has the rules of the catalogue, each once. */
static void
the_table_is_the_catalogue(void **state)
{
	(void)state;
	for_each_rule(find_in_catalogue);
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++)
		if (found[i] != 1)
			fail_msg("%s is %u times in the table",
			        catalogue_name((enum catalogue_id)i), found[i]);
	assert_null(rule_find("CR0-FIXED"));
	assert_null(rule_find("CR0-FIXED00"));
	assert_null(rule_find(""));
}

/* A text that is there, long enough to say something, printable, without blanks at its ends. */
static void
assert_text(const struct rule *rule, const char *what, const char *text, size_t least)
{
	if (!text || strlen(text) < least)
		fail_msg("%s: %s is missing or too short", rule->id, what);
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			fail_msg("%s: %s has a byte that is no ASCII", rule->id, what);
	if (text[0] == ' ' || text[strlen(text) - 1] == ' ' || strstr(text, "  "))
		fail_msg("%s: %s has too many blanks", rule->id, what);
}

static bool
is_sentence(const char *text)
{
	size_t length = strlen(text);

	return text[length - 1] == '.' || strcmp(text + length - 2, ".)") == 0;
}

static void
check_texts(const struct rule *rule)
{
	assert_text(rule, "message", rule->message, SHORT_TEXT);
	assert_text(rule, "legal", rule->legal, 1);
	assert_text(rule, "explanation", rule->explanation, LONG_TEXT);
	assert_text(rule, "symptom", rule->symptom, SHORT_TEXT);
	assert_text(rule, "hint", rule->hint, SHORT_TEXT);
	assert_text(rule, "section", rule->section, SHORT_TEXT);
	if (is_sentence(rule->message) || strchr(rule->message, '%') ||
	        strstr(rule->message, rule->id))
		fail_msg("%s: the message is no part of a sentence: %s", rule->id, rule->message);
	if (!is_sentence(rule->explanation) || !is_sentence(rule->symptom))
		fail_msg("%s: explanation and symptom are sentences", rule->id);
	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++)
		if (rule->bochs[i] != BOCHS_AGREES)
			assert_text(rule, "bochs_detail", rule->bochs_detail[i], SHORT_TEXT);
}

/* Each rule says all that reports and docs print. */
static void
every_rule_has_its_texts(void **state)
{
	(void)state;
	for_each_rule(check_texts);
}

/* The section that a rule's first letters stand for. */
static const char *
section_of(const char *id)
{
	static const struct {
		const char *prefix, *section;
	} sections[] = { { "SEG-", "27.3.1.2 " }, { "SEL-", "27.3.1.2 " }, { "V86-", "27.3.1.2 " },
		{ "TR-", "27.3.1.2 " }, { "LDTR-", "27.3.1.2 " }, { "FRED-SS-DPL", "27.3.1.2 " },
		{ "FRED-CPL0", "27.3.1.2 " }, { "GDTR-", "27.3.1.3 " }, { "IDTR-", "27.3.1.3 " },
		{ "RIP-", "27.3.1.4 " }, { "RFL-", "27.3.1.4 " }, { "SSP-", "27.3.1.4 " },
		{ "ACT-", "27.3.1.5 " }, { "INT-", "27.3.1.5 " }, { "PDBG-", "27.3.1.5 " },
		{ "LINK-", "27.3.1.5 " }, { "PDPTE-", "27.3.1.6 " }, { "MSRL-", "27.4 " },
		{ "CTL-EXIT", "27.2.1.2 " }, { "CTL-PREEMPT", "27.2.1.2 " },
		{ "CTL-ENTRY", "27.2.1.3 " }, { "CTL-MSRLOAD", "27.2.1.3 " },
		{ "INJ-", "27.2.1.3 " }, { "CTL-", "27.2.1.1 " } };

	for (unsigned i = 0; i < COUNT(sections); i++)
		if (strncmp(id, sections[i].prefix, strlen(sections[i].prefix)) == 0)
			return sections[i].section;
	return "27.3.1.1 ";
}

static void
check_place(const struct rule *rule)
{
	const char *section = section_of(rule->id);
	enum rule_outcome outcome = strncmp(section, "27.2", 4) == 0   ? VMFAIL_CONTROL
	                            : strncmp(section, "27.4", 4) == 0 ? MSR_LOAD_FAILS
	                                                               : INVALID_GUEST_STATE;

	if (strncmp(rule->section, section, strlen(section)) != 0)
		fail_msg("%s stands in %s, not in %s", rule->id, section, rule->section);
	if (rule->outcome != outcome)
		fail_msg("%s has outcome %d", rule->id, rule->outcome);
}

/* Section and outcome fit the identifier. */
static void
every_rule_has_its_place(void **state)
{
	(void)state;
	for_each_rule(check_place);
}

static void
check_fields(const struct rule *rule)
{
	unsigned repeats = rule->repeat == REPEAT_MSR_LOAD || !rule->repeat ? 1 : rule->repeat;
	bool ended = false, differs = false;

	assert_int_not_equal(rule->field, F_NONE);
	for (unsigned i = 0; i < repeats; i++)
		if (vmcs_index(rule_field_encoding(rule->field + i)) < 0 ||
		        rule->field + i >= RULE_FIELD_COUNT)
			fail_msg("%s: its field %u has no name", rule->id, i);
	for (unsigned i = 0; i < sizeof(rule->also); i++) {
		if (ended)
			assert_int_equal(rule->also[i], F_NONE);
		ended |= rule->also[i] == F_NONE;
		if (rule->also[i] >= RULE_FIELD_COUNT)
			fail_msg("%s: field %u that it looks at has no name", rule->id, i);
	}
	assert_non_null(rule->offending);
	/* An NMI under STI blocking differs by its qualification only. */
	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++)
		differs |= rule->bochs[i] == BOCHS_DIFFERS;
	if ((differs && strcmp(rule->id, "INT-NMI-STI") != 0) != (rule->bochs_lets_pass != NULL))
		fail_msg("%s: Bochs differs, or it does not", rule->id);
	assert_true((uint64_t)(rule->when | rule->unless) >> RULE_CONDITION_COUNT == 0);
	assert_true((rule->when & rule->unless) == 0);
	assert_true(rule->needs >> CAPABILITY_COUNT == 0);
}

/* Fields, conditions and needs exist. */
static void
every_rule_has_its_fields(void **state)
{
	(void)state;
	for_each_rule(check_fields);
	assert_int_equal(rule_field_encoding(F_NONE), 0);
	assert_int_equal(rule_field_encoding(RULE_FIELD_COUNT), 0);
}

/* Conditions have texts, both ways. */
static void
every_condition_has_its_texts(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RULE_CONDITION_COUNT; i++) {
		const char *holds = rule_condition_text(i, true);
		const char *fails = rule_condition_text(i, false);

		assert_non_null(holds);
		assert_non_null(fails);
		if (strlen(holds) < SHORT_TEXT || strlen(fails) < SHORT_TEXT ||
		        strcmp(holds, fails) == 0 || holds[strlen(holds) - 1] == '.')
			fail_msg("condition %u: \"%s\" and \"%s\"", i, holds, fails);
	}
}

static void
check_bochs_only(const struct rule *rule)
{
	bool made = false;

	if (strncmp(rule->id, "BOCHS-", 6) != 0)
		fail_msg("%s is no identifier of a rule that only Bochs has", rule->id);
	assert_int_equal(catalogue_find(rule->id), CATALOGUE_SIZE);
	assert_null(rule_find(rule->id));
	assert_non_null(rule->offending);
	assert_true(rule->message && strlen(rule->message) > SHORT_TEXT);
	/* Some version makes it; "lets pass" is one that does not. */
	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++) {
		made |= rule->bochs[i] == BOCHS_AGREES;
		assert_true(rule->bochs[i] == BOCHS_AGREES || rule->bochs[i] == BOCHS_LETS_PASS);
	}
	assert_true(made);
}

/* Each version has a name, by which it is found. */
static void
versions_of_bochs_have_names(void **state)
{
	(void)state;
	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++) {
		assert_non_null(bochs_version_name(i));
		assert_int_equal(bochs_version_find(bochs_version_name(i)), i);
	}
	assert_null(bochs_version_name(BOCHS_NONE));
	assert_int_equal(bochs_version_find(""), BOCHS_NONE);
	assert_int_equal(bochs_version_find("2.6"), BOCHS_NONE);
	assert_int_equal(bochs_version_find("2.7.1"), BOCHS_NONE);
	assert_int_equal(bochs_version_find("3."), BOCHS_NONE);
}

/* What only Bochs checks has names of its own, and is no rule. */
static void
rules_of_bochs_stand_apart(void **state)
{
	(void)state;
	assert_true(rules_of_bochs.count > 0);
	for (size_t i = 0; i < rules_of_bochs.count; i++)
		check_bochs_only(&rules_of_bochs.rules[i]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_the_catalogue),
		cmocka_unit_test(every_rule_has_its_texts),
		cmocka_unit_test(every_rule_has_its_place),
		cmocka_unit_test(every_rule_has_its_fields),
		cmocka_unit_test(every_condition_has_its_texts),
		cmocka_unit_test(rules_of_bochs_stand_apart),
		cmocka_unit_test(versions_of_bochs_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
