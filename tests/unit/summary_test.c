/* Unit tests of kernel/grade/summary.c: what is on the screen at the end, on small screens and large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dev/console.h"
#include "dev/screen.h"
#include "grade/result.h"
#include "grade/summary.h"

static char shown[8192]; /* what the console got */
static unsigned columns, rows;

void
console_printf(const char *format, ...)
{
	size_t used = strlen(shown);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(shown + used, sizeof(shown) - used, format, arguments);
	va_end(arguments);
}

unsigned
screen_columns(void)
{
	return columns;
}

unsigned
screen_rows(void)
{
	return rows;
}

/* Print on a screen of this size; no line may be as long as that, and all lines but two must fit. */
static const char *
print_on(unsigned wide, unsigned high)
{
	unsigned lines = 0, length = 0;

	columns = wide;
	rows = high;
	shown[0] = '\0';
	summary_print();
	for (const char *c = shown; *c; c++) {
		length = *c == '\n' ? 0 : length + 1;
		lines += *c == '\n';
		assert_true(length < wide);
	}
	assert_int_equal(length, 0);
	assert_true(lines + 2 <= high);
	return shown;
}

static void
add(unsigned lab, const char *id, unsigned points, enum case_outcome outcome, unsigned earned)
{
	/* The cases stay: their names are printed at the end. */
	static struct test_case cases[200];
	static size_t count;
	static struct case_result result;

	cases[count] = (struct test_case){ .lab = lab, .id = id, .points = points };
	result = (struct case_result){ .outcome = outcome, .earned = earned };
	summary_add(&cases[count++], outcome == OUTCOME_COUNT ? NULL : &result);
}

/* What was added stays, so this is one story, in the order of the tests. */

static void
nothing_graded_shows_nothing(void **state)
{
	(void)state;
	assert_string_equal(print_on(80, 25), "");
}

/* Points of 100, as in reports: those of a lost case count in part, those of a skipped one not at all. */
static void
points_are_those_of_the_reports(void **state)
{
	(void)state;
	add(1, "one", 50, OUTCOME_PASSED, 0);
	add(1, "two", 30, OUTCOME_WRONG_STATE, 5);
	add(1, "three", 20, OUTCOME_COUNT, 0);
	add(3, "four", 100, OUTCOME_PASSED, 0);
	assert_string_equal(print_on(80, 25),
	        "\n"
	        "Lab 1:  68 of 100 points, 1 of 2 cases passed, 1 skipped; lost:\n"
	        "       two\n"
	        "Lab 3: 100 of 100 points, 1 of 1 cases passed\n"
	        "Total: 168 of 200 points\n");
}

static void
names_are_as_many_as_fit(void **state)
{
	static char names[60][24];

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		snprintf(names[i], sizeof(names[i]), "a-case-with-number-%u", i);
		add(2, names[i], 1, OUTCOME_ENTRY_FAILED, 0);
	}
	assert_non_null(strstr(print_on(80, 25), "a-case-with-number-16 and 43 more\n"));
	assert_non_null(strstr(print_on(200, 64), "a-case-with-number-59\n"));
	for (unsigned lab = 4; lab <= 9; lab++)
		add(lab, "lost", 100, OUTCOME_LAB_FAULT, 0);
	assert_non_null(strstr(print_on(80, 25),
	        "       two\n"
	        "Lab 2:   0 of 100 points, 0 of 60 cases passed; lost:\n"
	        "       a-case-with-number-0 a-case-with-number-1 and 58 more\n"
	        "Lab 3: 100 of 100 points"));
	for (unsigned wide = 64; wide <= 200; wide++)
		for (unsigned high = 13; high <= 64; high++)
			assert_non_null(strstr(print_on(wide, high), "Total: 168 of 900 points\n"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_graded_shows_nothing),
		cmocka_unit_test(points_are_those_of_the_reports),
		cmocka_unit_test(names_are_as_many_as_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
