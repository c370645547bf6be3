/* Cases that are earned partly: from the record stream to every report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <cmocka.h>

#include <r33/array.h>

#include "report/report.h"

#define HEAD "TAP version 14\n# r33 stream 1\n1..1\n# case 1 \"first\" lab=8 points=5\n"

/* A stream with one case of five points that says what it has earned, with this outcome. */
static char *
stream_text(const char *earned, const char *outcome)
{
	return new_string(HEAD "%sok 1 - a first one\n  ---\n  lab: 8\n  case: \"first\"\n"
	                       "  points: 5\n%s  outcome: %s\n  ...\n# end status=0\n",
	        strcmp(outcome, "passed") == 0 ? "" : "not ", earned, outcome);
}

static struct stream *
parse(const char *earned, const char *outcome)
{
	char *text = stream_text(earned, outcome);
	struct stream *stream = stream_new(NULL, NULL);

	stream_feed(stream, text, strlen(text));
	stream_finish(stream);
	free(text);
	return stream;
}

/* A case that is not passed may have earned some of its points. */
static void
a_case_can_be_earned_partly(void **state)
{
	static const char *const lines[] = { "", "  earned: 1\n", "  earned: 2\n", "  earned: 3\n",
		"  earned: 4\n" };

	(void)state;
	for (int i = 0; i < 5; i++) {
		struct stream *stream = parse(lines[i], "wrong-rule");

		assert_false(stream->malformed);
		assert_int_equal(stream->cases[0].status, CASE_FAILED);
		assert_int_equal(case_earned(&stream->cases[0]), i);
		assert_int_equal(stream->cases[0].points, 5);
		stream_free(stream);
	}
}

/* All of its points only a passed case has, and no case more than that. */
static void
what_cannot_be_earned_is_refused(void **state)
{
	static const struct {
		const char *earned, *outcome;
	} hostile[] = {
		{ "  earned: 5\n", "wrong-rule" },
		{ "  earned: 6\n", "needless-change" },
		{ "  earned: 999999999\n", "wrong-rule" },
		{ "  earned: 4294967297\n", "wrong-rule" },
		{ "  earned: 99999999999999999999\n", "wrong-rule" },
		{ "  earned: -1\n", "wrong-rule" },
		{ "  earned: \"4\"\n", "wrong-rule" },
		{ "  earned: 0x4\n", "wrong-rule" },
		{ "  earned: 2.5\n", "wrong-rule" },
		{ "  earned:\n", "wrong-rule" },
		{ "  earned: 1\n  earned: 4\n", "wrong-rule" },
		{ "  earned: 4\n", "passed" },
		{ "  earned: 0\n", "passed" },
		{ "  earned: 5\n", "passed" },
		{ "  earned: 6\n", "passed" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct stream *stream = parse(hostile[i].earned, hostile[i].outcome);

		if (!stream->malformed)
			fail_msg("taken: %s", hostile[i].earned);
		assert_int_equal(stream->cases[0].status, CASE_MISSING);
		assert_int_equal(case_earned(&stream->cases[0]), 0);
		stream_free(stream);
	}
}

/* A grade of one case that has earned two of its five points. */
static struct grade *
make_grade(void)
{
	struct grade *grade = allocate(1, sizeof(*grade));

	grade->engine = "bochs";
	grade->cpu = "tigerlake";
	grade->confinement = (struct confinement_support){ 7, true, true };
	grade->times = (struct run_times){ 1, 2, 3, 4, 5, 6, 7 };
	grade->labs.labs[0] = (struct lab){
		.number = 8, .directory = copy_string("8-reason-33"), .state = BUILD_GOOD
	};
	grade->labs.count = 1;
	grade->stream = parse("  earned: 2\n", "wrong-rule");
	grade->raw = stream_text("  earned: 2\n", "wrong-rule");
	grade->raw_length = strlen(grade->raw);
	grade->engine_end.kind = ENGINE_STOPPED;
	grade->end = classify(grade->stream, &grade->engine_end);
	grade_assemble(grade);
	return grade;
}

/* The report of that in this format. */
static char *
write_report(const char *format)
{
	struct grade *grade = make_grade();
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_true(report_format_find(format)->write(out, grade, false));
	fclose(out);
	assert_int_equal(grade_status(grade), STATUS_POINTS_LOST);
	grade_free(grade);
	free(grade);
	return text;
}

static void
assert_tells(const char *format, const char *part)
{
	char *text = write_report(format);

	if (!strstr(text, part))
		fail_msg("%s does not say %s, but %s", format, part, text);
	free(text);
}

/* For people and for prove: the points that are left, and that the case is not passed. */
static void
texts_tell_the_part(void **state)
{
	(void)state;
	assert_tells("text", "  PART    2/5  a first one  [first]\n");
	assert_tells("text", "Lab 8: 40 of 100 points, that is 2 of 5\n");
	assert_tells("tap", "not ok 1 - a first one\n");
	assert_tells("tap", "  earned: 2\n");
	assert_tells("html", "<span class=\"points\">2/5</span>");
}

/* For programs. */
static void
json_tells_the_part(void **state)
{
	char *text = write_report("json");
	json_t *report = json_loads(text, 0, NULL);
	json_t *lab = json_array_get(json_object_get(report, "labs"), 0);
	json_t *result = json_array_get(json_object_get(lab, "cases"), 0);

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(result, "earned")), 2);
	assert_int_equal(json_integer_value(json_object_get(result, "points")), 5);
	assert_string_equal(object_string(result, "status"), "failed");
	lab = json_object_get(lab, "points");
	assert_int_equal(json_integer_value(json_object_get(lab, "earned")), 2);
	assert_int_equal(json_integer_value(json_object_get(lab, "failed")), 1);
	json_decref(report);
	free(text);
}

static void
gradescope_gives_the_part(void **state)
{
	char *text = write_report("gradescope");
	json_t *report = json_loads(text, 0, NULL);
	json_t *test = json_array_get(json_object_get(report, "tests"), 0);

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(test, "score")), 2);
	assert_int_equal(json_integer_value(json_object_get(test, "max_score")), 5);
	assert_string_equal(object_string(test, "status"), "failed");
	assert_int_equal(json_integer_value(json_object_get(report, "score")), 40);
	json_decref(report);
	free(text);
}

static void
junit_has_the_part_as_property(void **state)
{
	char *text = write_report("junit");
	xmlDocPtr document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
	xmlXPathContextPtr context = xmlXPathNewContext(document);
	xmlXPathObjectPtr object = xmlXPathEvalExpression(
	        BAD_CAST "//testcase[failure]/properties/property[@name='earned']/@value", context);

	(void)state;
	assert_int_equal(xmlXPathCastToNumber(object), 2);
	xmlXPathFreeObject(object);
	xmlXPathFreeContext(context);
	xmlFreeDoc(document);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_can_be_earned_partly),
		cmocka_unit_test(what_cannot_be_earned_is_refused),
		cmocka_unit_test(texts_tell_the_part),
		cmocka_unit_test(json_tells_the_part),
		cmocka_unit_test(gradescope_gives_the_part),
		cmocka_unit_test(junit_has_the_part_as_property),
	};
	int failed = cmocka_run_group_tests_name("partial points", tests, NULL, NULL);

	xmlCleanupParser();
	return failed;
}
