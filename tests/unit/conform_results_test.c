/*
 * Unit tests of the results of r33 conform: what is written is read again, texts that are not understood
 * are refused, and the page shows the versions side by side; and of the choice of a measured version.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "base/util.h"
#include "oracle/conform.h"
#include "run/measured.h"

#define HEADER "# reason33 conformance 1\n"
#define MODELS HEADER "engine Bochs 2.7\nmodel old 10\nmodel new 20\n"

/* The text, as it can be changed. */
static char *
read_text(struct conform_results *results, const char *text)
{
	char *copy = copy_string(text), *error = conform_results_read(results, copy);

	free(copy);
	return error;
}

static void
assert_refused(const char *text, const char *reason)
{
	struct conform_results results;
	char *error = read_text(&results, text);

	if (!error || !strstr(error, reason))
		fail_msg("\"%s\": %s, not %s", text, error ? error : "accepted", reason);
	free(error);
	conform_results_free(&results);
}

static void
what_is_not_understood_is_refused(void **state)
{
	(void)state;
	assert_refused("", "the first line is not");
	assert_refused("# reason33 conformance 10\nengine x\n", "the first line is not");
	assert_refused(HEADER, "there is no engine");
	assert_refused(HEADER "engine Bochs 2.7\n", "there is no engine, or it has no model");
	assert_refused(HEADER "engine Bochs 2.7\nmodel old\n", "line 3: a model has a name");
	assert_refused(MODELS "rule NO-SUCH-RULE = =\n", "line 5: there is no such rule");
	assert_refused(MODELS "rule CR0-FIXED0 =\n", "line 5: a rule has one of the signs");
	assert_refused(MODELS "rule CR0-FIXED0 = x\n", "line 5: a rule has one of the signs");
	assert_refused(MODELS "rule CR0-FIXED0 = =+\n", "line 5: a rule has one of the signs");
	assert_refused(MODELS "why CR0-FIXED0\n", "line 5: a reason is one of a rule");
	assert_refused(MODELS "why NO-SUCH-RULE x\n", "line 5: there is no such rule");
	assert_refused(MODELS "whatever\n", "line 5: expected");
}

static char *
written(const struct conform_results *results)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	conform_results_write(out, results);
	fclose(out);
	return text;
}

/* Each sign comes back as what was found; a rule that is not in the text has not been tried. */
static void
what_is_written_is_read(void **state)
{
	static const unsigned char found[] = { 0, CONFORM_POSED, CONFORM_POSED | CONFORM_LENIENT,
		CONFORM_POSED | CONFORM_STRICT, CONFORM_POSED | CONFORM_QUALIFICATION,
		CONFORM_POSED | CONFORM_LENIENT | CONFORM_STRICT };
	struct conform_results results, again;
	char *first, *second;

	(void)state;
	assert_null(read_text(&results, MODELS "rule CR0-FIXED0 = +!\nrule BNDCFGS-RSVD . .\n"
	                                       "why BNDCFGS-RSVD no model has MPX\n"));
	assert_string_equal(results.engine, "Bochs 2.7");
	assert_int_equal(results.count, 2);
	assert_string_equal(results.models[1].name, "new");
	assert_int_equal(results.models[1].states, 20);
	assert_int_equal(results.models[1].found[rule_index(rule_find("CR0-FIXED0"))], found[5]);
	assert_int_equal(
	        results.models[0].found[rule_index(rule_find("CR4-FIXED0"))], CONFORM_UNTRIED);
	for (unsigned i = 0; i < CONFORM_RULES; i++)
		results.models[0].found[i] = results.models[1].found[i] = found[i % (COUNT(found))];
	first = written(&results);
	assert_null(read_text(&again, first));
	second = written(&again);
	assert_string_equal(first, second);
	for (unsigned i = 0; i < rule_index(NULL); i++)
		assert_int_equal(again.models[1].found[i], results.models[1].found[i]);
	free(first);
	free(second);
	conform_results_free(&results);
	conform_results_free(&again);
}

/* The page's cells: nothing but the sign for all models, else where it holds. */
static void
the_page_says_where_a_sign_holds(void **state)
{
	struct conform_results results[2];
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_null(read_text(&results[0],
	        HEADER "engine Bochs 2.7\nmodel a 1\nmodel b 1\nmodel c 1\nmodel d 1\n"
	               "rule CR0-FIXED0 = = = =\nrule CR0-FIXED1 . = = =\nrule CR4-FIXED0 . . . .\n"
	               "rule CR4-FIXED1 = = + =\nrule UINV-HI . . . .\n"
	               "why UINV-HI no model has user interrupts\n"));
	assert_null(read_text(&results[1],
	        HEADER "engine Bochs 3.0\nmodel d 2\nrule CR0-FIXED0 +\nrule SEG-DS-DPL-RPL =\n"));
	conform_write_markdown(out, results, 2);
	fclose(out);
	assert_non_null(strstr(text, "| rule | Bochs 2.7 | Bochs 3.0 |"));
	assert_non_null(strstr(text, "| CR0-FIXED0 | = | + |"));
	assert_non_null(strstr(text, "| CR0-FIXED1 | = from b | ? |"));
	assert_non_null(strstr(text, "| CR4-FIXED0 | . | ? |"));
	assert_non_null(strstr(text, "| CR4-FIXED1 | = a, b, d; + c | ? |"));
	assert_non_null(strstr(text, "| UINV-HI | no model has user interrupts |  |"));
	assert_null(strstr(text, "| SEG-DS-DPL-RPL | not checked"));
	free(text);
	conform_results_free(&results[0]);
	conform_results_free(&results[1]);
}

static void
assert_nearest(const char *version, enum bochs_version expected, bool is_exact)
{
	bool exact;

	assert_int_equal(measured_nearest(version, &exact), expected);
	assert_int_equal(exact, is_exact);
}

/* A version that has not been measured is compared with the newest one that is not newer. */
static void
the_nearest_version_is_taken(void **state)
{
	(void)state;
	assert_nearest("2.7", BOCHS_2_7, true);
	assert_nearest("3.0", BOCHS_3_0, true);
	assert_nearest("2.6.11", BOCHS_2_7, false);
	assert_nearest("2.8", BOCHS_2_7, false);
	assert_nearest("2.7.1", BOCHS_2_7, false);
	assert_nearest("3.1", BOCHS_3_0, false);
	assert_nearest("3.0.devel", BOCHS_3_0, false);
	assert_nearest("10.0", BOCHS_3_0, false);
	assert_nearest("", BOCHS_2_7, false);
	assert_int_equal(measured_of(&engine_qemu, "10.0"), BOCHS_NONE);
	assert_int_equal(measured_of(&engine_bochs, "2.7"), BOCHS_2_7);
	assert_null(measured_word(&engine_qemu, "10.0"));
	assert_null(measured_word(&engine_qemu, ""));
	assert_string_equal(measured_word(&engine_bochs, "2.7"), "2.7");
	assert_string_equal(measured_word(&engine_bochs, "3.0"), "3.0");
	assert_string_equal(measured_word(&engine_bochs, ""), "any");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_understood_is_refused),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_page_says_where_a_sign_holds),
		cmocka_unit_test(the_nearest_version_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
