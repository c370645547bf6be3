/* Unit test of the rules' numbers: once handed out, a number is that of one rule, or of none, for good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/lab.h>
#include <r33/rules.h>

#include "rule_numbers.h"
#include "rules/rules.h"

#define HANDED_OUT (COUNT(numbers_handed_out))

/* What this tree makes of a number is what every tree before made of it; a withdrawn rule's is nobody's. */
static void
numbers_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < HANDED_OUT; i++) {
		const char *id = numbers_handed_out[i].id;
		unsigned number = numbers_handed_out[i].number;
		const struct rule *rule = rule_find(id), *found = rule_of_number(number);

		if (found != rule)
			fail_msg("%u is the number of %s; now it is that of %s", number, id,
			        found ? found->id : "no rule");
		if (rule && rule_number(rule) != number)
			fail_msg("%s has number %u; now it has %u", id, number, rule_number(rule));
	}
}

static void
no_number_is_handed_out_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < HANDED_OUT; i++) {
		assert_true(numbers_handed_out[i].number >= RULE_NUMBER_FIRST);
		for (size_t j = 0; j < i; j++) {
			assert_int_not_equal(
			        numbers_handed_out[i].number, numbers_handed_out[j].number);
			assert_string_not_equal(numbers_handed_out[i].id, numbers_handed_out[j].id);
		}
	}
}

static bool
is_handed_out(const char *id)
{
	for (size_t i = 0; i < HANDED_OUT; i++)
		if (strcmp(numbers_handed_out[i].id, id) == 0)
			return true;
	return false;
}

static void
every_rule_has_a_number(void **state)
{
	unsigned count = 0;

	(void)state;
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++, count++) {
			const struct rule *rule = &(*group)->rules[i];

			assert_int_equal(rule_index(rule), count);
			if (!rule_number(rule))
				fail_msg("%s has no number: give it one in "
				         "kernel/rules/rule_numbers.c",
				        rule->id);
			if (!is_handed_out(rule->id))
				fail_msg("{ \"%s\", %u } is missing in tests/unit/rule_numbers.h",
				        rule->id, rule_number(rule));
		}
	}
	assert_int_equal(rule_index(NULL), count);
}

static void
other_numbers_are_no_rules(void **state)
{
	unsigned last = 0;

	(void)state;
	for (size_t i = 0; i < HANDED_OUT; i++)
		if (numbers_handed_out[i].number > last)
			last = numbers_handed_out[i].number;
	assert_null(rule_of_number(RULE_NONE));
	assert_null(rule_of_number(ENTER));
	assert_null(rule_of_number(REFUSE));
	assert_null(rule_of_number(RULE_NUMBER_FIRST - 1));
	assert_null(rule_of_number(last + 1));
	assert_null(rule_of_number(UINT32_MAX));
	assert_null(rule_of_number(1ull << 32 | RULE_NUMBER_FIRST));
	assert_null(rule_of_number(UINT64_MAX));
}

/* The header that labs are compiled with. */
static void
names_are_numbers(void **state)
{
	(void)state;
	assert_string_equal(rule_of_number(RULE_CR0_FIXED0)->id, "CR0-FIXED0");
	assert_string_equal(rule_of_number(RULE_SEG_CS_DB_L)->id, "SEG-CS-DB-L");
	assert_string_equal(rule_of_number(RULE_INJ_ILEN)->id, "INJ-ILEN");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_stay),
		cmocka_unit_test(no_number_is_handed_out_twice),
		cmocka_unit_test(every_rule_has_a_number),
		cmocka_unit_test(other_numbers_are_no_rules),
		cmocka_unit_test(names_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
