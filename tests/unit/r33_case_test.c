/* What the text report picks out: the VMWRITEs behind a failure, and what unwritten code printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/report.h"

static const char writes[] = "[{ \"field\": \"GUEST_CR4\", \"value\": \"0x1\", \"file\": "
                             "\"labs/1-a/a.c\", \"line\": 1 },"
                             " { \"field\": \"GUEST_RIP\", \"value\": \"0x2\", \"file\": "
                             "\"labs/9-b/b.c\", \"line\": 2 },"
                             " { \"field\": \"GUEST_RSP\", \"value\": \"0x3\" }]";

/* The text of a failed case of this lab. */
static char *
case_text(int lab, const char *message)
{
	struct reported_case result = {
		.lab = lab, .status = CASE_FAILED, .details = json_object()
	};
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	json_object_set_new(result.details, "message", json_string(message));
	json_object_set_new(result.details, "writes", json_loads(writes, 0, NULL));
	report_case_text(out, &result, 0, true);
	fclose(out);
	json_decref(result.details);
	return text;
}

/* Which of the three writes, a bit for each, are in the text of such a case. */
static unsigned
shown(int lab, const char *message)
{
	char *text = case_text(lab, message);
	unsigned bits = (strstr(text, "GUEST_CR4 = 0x1 at labs/1-a/a.c:1") ? 1 : 0) |
	                (strstr(text, "GUEST_RIP = 0x2 at labs/9-b/b.c:2") ? 2 : 0) |
	                (strstr(text, "GUEST_RSP = 0x3") ? 4 : 0);

	free(text);
	return bits;
}

/* Lab 9 is made of the others' parts: what is wrong is rather in its own file. */
static void
a_labs_own_lines_are_shown(void **state)
{
	(void)state;
	assert_int_equal(shown(9, "it is so"), 2);
	assert_int_equal(shown(1, "it is so"), 1);
	assert_int_equal(shown(5, "it is so"), 7); /* none is its own */
}

/* The fields that the report speaks of come before that. */
static void
named_fields_are_shown(void **state)
{
	(void)state;
	assert_int_equal(shown(9, "GUEST_CR4 is wrong"), 1);
	assert_int_equal(shown(9, "GUEST_RSP is wrong"), 4);
}

/* The report of a lab with two cases, of which the second printed something. */
static char *
report_of_two(const char *first_outcome)
{
	struct reported_case first = { .lab = 9, .status = CASE_FAILED, .outcome = first_outcome };
	struct reported_case second = { .lab = 9,
		.status = CASE_FAILED,
		.outcome = "not-written",
		.details = json_pack("{s:s}", "output", "part 1 is missing\n") };
	const struct reported_case *cases[] = { &first, &second };
	char directory[] = "9-b";
	struct grade grade = { .engine = "bochs",
		.cpu = "tigerlake",
		.confinement = { 7, true, true },
		.cases = cases,
		.case_count = 2,
		.end = RUN_DONE,
		.labs = { .labs = { { .number = 9, .directory = directory, .state = BUILD_GOOD } },
		        .count = 1 } };
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_true(report_text(out, &grade, false));
	fclose(out);
	json_decref(second.details);
	return text;
}

/* Code that answers nothing has one line, and what it printed says which part is missing. */
static void
unwritten_code_may_say_why(void **state)
{
	char *text = report_of_two("not-written");

	(void)state;
	assert_non_null(strstr(text, "  Your function returned UNWRITTEN in all 2 cases: there is "
	                             "nothing to enter yet.\n"
	                             "  printed    | part 1 is missing\n\n"));
	free(text);
	text = report_of_two("wrong-state");
	assert_null(strstr(text, "in all 2 cases"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_labs_own_lines_are_shown),
		cmocka_unit_test(named_fields_are_shown),
		cmocka_unit_test(unwritten_code_may_say_why),
	};

	return cmocka_run_group_tests_name("cases", tests, NULL, NULL);
}
