/* However much a submission gives reports to tell, they stay readable and say what they leave out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "report/report.h"
#include "run/place.h"

enum { CASES = 300, WRITES = 512, BOUND = 8 * 1024 * 1024 };

/* A failed case with this many writes and this much output; every other one has earned something. */
static struct reported_case
make_case(int number, int writes, size_t output)
{
	char *printed = allocate(output + 1, 1);
	struct reported_case result = { .number = number,
		.status = number % 3 ? CASE_FAILED : CASE_PASSED,
		.announced = true,
		.lab = 1,
		.points = 5,
		.earned = number % 2,
		.id = new_string("case-%d", number),
		.title = copy_string("a case"),
		.outcome = "wrong-state",
		.details = json_pack("{s:i, s:s, s:i, s:s, s:s, s:s}", "lab", 1, "case", "case",
		        "points", 5, "outcome", "wrong-state", "message", "what happened", "hint",
		        "what to do") };
	json_t *list = json_array();

	memset(printed, '<', output);
	json_object_set_new(result.details, "output", text_json(printed));
	free(printed);
	for (int i = 0; i < writes; i++)
		json_array_append_new(
		        list, json_pack("{s:s, s:s, s:s, s:s}", "field", "GUEST_CR0", "value",
		                      "0x0", "rip", "0x2000000000", "function",
		                      "a_function_with_a_name_that_is_not_short_but_not_too_long_"
		                      "either"));
	json_object_set_new(result.details, "writes", list);
	return result;
}

/* A run in which every case has so much to tell. */
static struct grade *
make_grade(int cases, int writes, size_t output)
{
	struct grade *grade = allocate(1, sizeof(*grade));

	grade->engine = "bochs";
	grade->cpu = "tigerlake";
	grade->confinement = (struct confinement_support){ 7, true, true };
	grade->labs.labs[0] = (struct lab){
		.number = 1, .directory = copy_string("1-control-registers"), .state = BUILD_GOOD
	};
	grade->labs.count = 1;
	grade->stream = stream_new(NULL, NULL);
	grade->stream->planned = cases;
	grade->stream->cases = allocate((size_t)cases, sizeof(*grade->stream->cases));
	for (int i = 0; i < cases; i++)
		grade->stream->cases[i] = make_case(i + 1, writes, output);
	grade_assemble(grade);
	report_bound(grade);
	return grade;
}

static void
free_grade(struct grade *grade)
{
	grade_free(grade);
	free(grade);
}

/* The report in this format; *length is its length. */
static char *
write_report(const struct grade *grade, const char *format, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	assert_true(report_format_find(format)->write(out, grade, false));
	fclose(out);
	return text;
}

/* In every format the report has an upper bound and says that something is missing. */
static void
reports_have_a_bound(void **state)
{
	static const char *const formats[] = { "text", "json", "tap", "junit", "gradescope",
		"html" };
	struct grade *grade = make_grade(CASES, WRITES, 40000);

	(void)state;
	for (size_t i = 0; i < COUNT(formats); i++) {
		size_t length;
		char *text = write_report(grade, formats[i], &length);

		assert_true(length < BOUND);
		assert_true(strstr(text, "left out") || strstr(text, "left_out"));
		assert_non_null(strstr(text, "would be too long"));
		free(text);
	}
	free_grade(grade);
}

/* Points, verdicts, and what fits of the sentences, are complete in a report that was cut. */
static void
verdicts_are_complete(void **state)
{
	struct grade *grade = make_grade(CASES, WRITES, 40000);
	size_t length, i;
	char *text = write_report(grade, "json", &length);
	json_t *report = json_loads(text, 0, NULL);
	json_t *cases =
	        json_object_get(json_array_get(json_object_get(report, "labs"), 0), "cases");
	json_t *item;
	int earned = 0;

	(void)state;
	assert_int_equal(json_array_size(cases), CASES);
	json_array_foreach(cases, i, item)
	{
		earned += (int)json_integer_value(json_object_get(item, "earned"));
		assert_non_null(object_string(item, "status"));
		assert_string_equal(object_string(item, "message"), "what happened");
		assert_string_equal(object_string(item, "hint"), "what to do");
	}
	assert_int_equal(earned, 100 * 5 + 100);
	assert_int_equal(earned, grade_points(grade, 0).earned);
	json_decref(report);
	free(text);
	free_grade(grade);
}

/* One case with much to tell takes nothing from the others, and an ordinary report is as it was. */
static void
others_keep_their_details(void **state)
{
	struct grade *grade = make_grade(10, 20, 1000);

	(void)state;
	assert_null(report_left_out(grade));
	for (int i = 0; i < 10; i++)
		assert_null(json_object_get(grade->cases[i]->details, "left_out"));
	free_grade(grade);

	grade = make_grade(1, 20, 5000000);
	assert_null(json_object_get(grade->cases[0]->details, "output"));
	assert_int_equal(json_array_size(json_object_get(grade->cases[0]->details, "left_out")), 2);
	free_grade(grade);
}

/* A sentence that is too long by itself goes as well; the verdict stays. */
static void
a_long_sentence_goes(void **state)
{
	struct grade *grade = make_grade(2, 0, 0);
	char *sentence = allocate(5000001, 1);
	json_t *details = grade->cases[1]->details;

	(void)state;
	memset(sentence, 'x', 5000000);
	json_object_set_new(details, "message", json_string(sentence));
	report_bound(grade);
	assert_null(json_object_get(details, "message"));
	assert_non_null(json_object_get(details, "outcome"));
	assert_non_null(json_object_get(details, "left_out"));
	assert_null(json_object_get(grade->cases[0]->details, "left_out"));
	free(sentence);
	free_grade(grade);
}

/* Of an answer about a place only a place is taken, its names cut, whoever gave it. */
static void
places_are_taken_with_care(void **state)
{
	char *name = allocate(3900001, 1);
	json_t *said, *place;

	(void)state;
	memset(name, 'n', 3900000);
	said = json_pack("{s:s, s:i, s:s, s:s, s:[s]}", "file", name, "line", 7, "function", name,
	        "message", "all points", "instruction", name);
	place = place_take(said);
	assert_int_equal(json_object_size(place), 3);
	assert_int_equal(json_string_length(json_object_get(place, "file")), NAME_BYTES);
	assert_int_equal(json_string_length(json_object_get(place, "function")), NAME_BYTES);
	assert_int_equal(json_integer_value(json_object_get(place, "line")), 7);
	json_decref(place);
	json_decref(said);

	said = json_pack("{s:[], s:s, s:{}}", "file", "line", "many", "function");
	place = place_take(said);
	assert_int_equal(json_object_size(place), 0);
	json_decref(place);
	json_decref(said);
	place = place_take(NULL);
	assert_int_equal(json_object_size(place), 0);
	json_decref(place);
	free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_have_a_bound),
		cmocka_unit_test(verdicts_are_complete),
		cmocka_unit_test(others_keep_their_details),
		cmocka_unit_test(a_long_sentence_goes),
		cmocka_unit_test(places_are_taken_with_care),
	};

	return cmocka_run_group_tests_name("bound", tests, NULL, NULL);
}
