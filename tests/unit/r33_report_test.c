/* The reports: golden text, and JSON and XML that other readers can read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <cmocka.h>

#include "report/report.h"

static const char stream_text[] =
        "TAP version 14\n# r33 stream 1\n# machine vendor=GenuineIntel\n1..4\n"
        "# case 1 \"good\" lab=1 points=5\nok 1 - a good one\n  ---\n  lab: 1\n  case: \"good\"\n"
        "  points: 5\n  outcome: passed\n  output: \"ok 2 - "
        "forged\\n\\x1b[2J</system-out>]]>\\n\"\n  ...\n"
        "# case 2 \"skipped\" lab=1 points=7\nok 2 - a skipped one # SKIP no such mode\n"
        "# case 3 \"bad\" lab=1 points=6\nnot ok 3 - a bad one\n  ---\n  lab: 1\n  case: \"bad\"\n"
        "  points: 6\n  outcome: entry-failed\n  message: \"VM entry <failed> & \\\"so\\\"\"\n"
        "  expected: \"it starts\"\n  hint: \"read\"\n"
        "  exit:\n    reason: 33\n    name: \"invalid guest state\"\n    entry_failure: true\n"
        "    qualification: \"0x0\"\n    rip: \"0x8000\"\n"
        "  rules:\n    - id: \"CR4-FIXED0\"\n      section: \"27.3.1.1\"\n      field: "
        "\"GUEST_CR4\"\n"
        "      value: \"0x20\"\n      message: \"VMXE is 0\"\n"
        "  observed:\n    - name: \"CR0\"\n      expected: \"0x1\"\n      got: \"0x0\"\n"
        "    - name: \"the count\"\n      by: \"kernel\"\n      expected: \"511\"\n      got: "
        "\"none\"\n"
        "  writes:\n    - field: \"GUEST_CR4\"\n      value: \"0x20\"\n      rip: \"0x401000\"\n"
        "      module: lab\n    - field: \"GUEST_CR3\"\n      value: \"0x1000\"\n"
        "      rip: \"0x401004\"\n      module: lab\n  ...\n"
        "# case 4 \"tries\" lab=1 points=2\nnot ok 4 - one that tries\n  ---\n  lab: 1\n"
        "  case: \"tries\"\n  points: 2\n  outcome: lab-fault\n  message: \"a fault\"\n"
        "  writes:\n    - field: \"GUEST_CR3\"\n      value: \"0x1\"\n      rip: \"0x5\"\n      "
        "module: reference\n"
        "  fault:\n    vector: 14\n    name: \"#PF\"\n    error_code: \"0x6\"\n    rip: "
        "\"0x402000\"\n"
        "    address: \"0x0\"\n    module: lab\n"
        "  violations:\n    - instruction: \"VMWRITE\"\n      message: \"not a field of this "
        "lab\"\n"
        "      rip: \"0x403000\"\n      field: \"HOST_RIP\"\n      value: \"0x1\"\n      module: "
        "lab\n"
        "  violation_count: 3\n  output: \"\\x1b]0;mine\\x07\"\n  output_truncated: true\n  ...\n"
        "# end status=0\n";

static const char golden_text[] =
        "Lab 1: control-registers (bochs 2.7, tigerlake)\n"
        "\n"
        "  PASS    5/5  a good one  [good]\n"
        "  SKIP      -  a skipped one  [skipped]: no such mode\n"
        "  FAIL    0/6  a bad one  [bad]\n"
        "               happened   VM entry <failed> & \"so\"\n"
        "               expected   it starts\n"
        "               exit       reason 33 (invalid guest state), VM entry failed, qualification "
        "0x0, guest\n"
        "                          RIP 0x8000\n"
        "               rule       CR4-FIXED0, GUEST_CR4 = 0x20: VMXE is 0\n"
        "                          SDM 3C 27.3.1.1\n"
        "               guest saw  CR0 = 0x0, expected 0x1\n"
        "               kernel saw the count = none, expected 511\n"
        "               written    GUEST_CR4 = 0x20 at labs/1-control-registers/cr.c:42 in set\n"
        "               hint       read\n"
        "  FAIL    0/2  one that tries  [tries]\n"
        "               happened   a fault\n"
        "               fault      #PF, error code 0x6, address 0x0, at 0x402000\n"
        "               not yours  VMWRITE HOST_RIP = 0x1: not a field of this lab, at 0x403000\n"
        "                          3 in all\n"
        "               printed    | \\x1b]0;mine\\x07\n"
        "                          | [and more]\n"
        "\n"
        "Lab 1: 38 of 100 points, that is 5 of 13 (1 case skipped on this processor)\n";

/* A grade of the stream above up to this many bytes, as if an engine had run. */
static struct grade *
make_grade(size_t length, enum build_state state, const char *message)
{
	struct grade *grade = allocate(1, sizeof(*grade));

	grade->engine = "bochs";
	strcpy(grade->engine_version, "2.7");
	grade->cpu = "tigerlake";
	grade->confinement = (struct confinement_support){ 7, true, true };
	grade->times = (struct run_times){ 1, 2, 3, 4, 5, 6, 7 };
	grade->labs.labs[0] = (struct lab){ .number = 1,
		.directory = copy_string("1-control-registers"),
		.state = state,
		.message = copy_string(message) };
	grade->labs.count = 1;
	if (length > 0) {
		grade->stream = stream_new(NULL, NULL);
		stream_feed(grade->stream, stream_text, length);
		grade->raw = copy_bytes(stream_text, length);
		grade->raw_length = length;
		grade->engine_end.kind = grade->stream->ended ? ENGINE_STOPPED : ENGINE_EXITED;
		grade->engine_end.wait_status = 1 << 8;
		tail_add(&grade->engine_end.console, "last \x1b[0m words\n", 16);
		grade->end = classify(grade->stream, &grade->engine_end);
		grade->end_message =
		        run_end_message(grade->end, grade->stream, &grade->engine_end, "bochs");
	}
	grade_assemble(grade);
	return grade;
}

/* The whole stream. */
static struct grade *
whole_grade(void)
{
	struct grade *grade = make_grade(strlen(stream_text), BUILD_GOOD, NULL);
	json_t *write = json_array_get(json_object_get(grade->cases[2]->details, "writes"), 0);

	assert_int_equal(grade->end, RUN_DONE);
	json_object_set_new(write, "file", json_string("labs/1-control-registers/cr.c"));
	json_object_set_new(write, "line", json_integer(42));
	json_object_set_new(write, "function", json_string("set"));
	return grade;
}

/* The report in this format. */
static char *
write_report(const struct grade *grade, const char *format, bool timings)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_true(report_format_find(format)->write(out, grade, timings));
	fclose(out);
	assert_int_equal(strlen(text), length);
	return text;
}

/* Free the grade and what it owns. */
static void
free_grade(struct grade *grade)
{
	grade_free(grade);
	free(grade);
}

/* A number found by XPath. */
static double
xpath_number(const char *text, const char *expression)
{
	xmlDocPtr document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
	xmlXPathContextPtr context;
	xmlXPathObjectPtr object;
	double number;

	assert_non_null(document);
	context = xmlXPathNewContext(document);
	object = xmlXPathEvalExpression(BAD_CAST expression, context);
	number = xmlXPathCastToNumber(object);
	xmlXPathFreeObject(object);
	xmlXPathFreeContext(context);
	xmlFreeDoc(document);
	return number;
}

/* The text report says what a teacher would, and nothing in it commands a terminal. */
static void
text_is_golden(void **state)
{
	struct grade *grade = whole_grade();
	char *text = write_report(grade, "text", false);

	(void)state;
	assert_string_equal(text, golden_text);
	free(text);
	free_grade(grade);
}

/* Times are in the text only when asked for. */
static void
text_has_times_on_request(void **state)
{
	struct grade *grade = whole_grade();
	char *text = write_report(grade, "text", true);

	(void)state;
	assert_memory_equal(text, golden_text, strlen(golden_text));
	assert_non_null(strstr(text, "first VM entry               0.005 s"));
	free(text);
	free_grade(grade);
}

/* JSON has every case, the points, the source line, and its times in one place. */
static void
json_tells_everything(void **state)
{
	struct grade *grade = whole_grade();
	char *text = write_report(grade, "json", false);
	json_t *report = json_loads(text, 0, NULL);
	json_t *cases, *write;

	(void)state;
	assert_non_null(report);
	assert_int_equal(
	        json_integer_value(json_object_get(json_object_get(report, "points"), "scaled")),
	        38);
	assert_string_equal(object_string(json_object_get(report, "end"), "word"), "done");
	cases = json_object_get(json_array_get(json_object_get(report, "labs"), 0), "cases");
	assert_int_equal(json_array_size(cases), 4);
	assert_string_equal(object_string(json_array_get(cases, 1), "status"), "skipped");
	write = json_array_get(json_object_get(json_array_get(cases, 2), "writes"), 0);
	assert_int_equal(json_integer_value(json_object_get(write, "line")), 42);
	assert_string_equal(object_string(json_array_get(cases, 3), "output"), "\x1b]0;mine\x07");
	assert_null(strchr(text, 0x1b));
	json_decref(report);
	free(text);
	free_grade(grade);
}

/* Two runs that differ in their times give the same JSON but for "time". */
static void
json_differs_in_time_only(void **state)
{
	struct grade *grade = whole_grade();
	char *first = write_report(grade, "json", false), *second;
	json_t *left, *right;

	(void)state;
	grade->times = (struct run_times){ 10, 20, 30, 40, 50, 60, -1 };
	second = write_report(grade, "json", false);
	left = json_loads(first, 0, NULL);
	right = json_loads(second, 0, NULL);
	assert_false(json_equal(left, right));
	json_object_del(left, "time");
	json_object_del(right, "time");
	assert_true(json_equal(left, right));
	json_decref(left);
	json_decref(right);
	free(first);
	free(second);
	free_grade(grade);
}

/* JUnit is XML, counts right, and holds what a lab printed as text. */
static void
junit_is_xml(void **state)
{
	struct grade *grade = whole_grade();
	char *text = write_report(grade, "junit", false);

	(void)state;
	assert_int_equal(xpath_number(text, "/testsuites/@tests"), 4);
	assert_int_equal(xpath_number(text, "count(//testsuite/testcase)"), 4);
	assert_int_equal(xpath_number(text, "count(//failure)"), 2);
	assert_int_equal(xpath_number(text, "count(//skipped)"), 1);
	assert_int_equal(xpath_number(text, "/testsuites/@errors"), 0);
	assert_int_equal(
	        xpath_number(
	                text, "//testcase[@name='bad']/properties/property[@name='points']/@value"),
	        6);
	assert_int_equal(xpath_number(text, "count(//testcase[@name='good']/system-out[contains(., "
	                                    "'</system-out>]]>')])"),
	        1);
	assert_int_equal(xpath_number(text, "count(//@time)"), 0);
	free(text);
	free_grade(grade);
}

/* A run that was cut short is an error in every format, and passes nothing unreported. */
static void
a_cut_run_is_an_error_everywhere(void **state)
{
	size_t length = (size_t)(strstr(stream_text, "  exit:") - stream_text);
	struct grade *grade = make_grade(length, BUILD_GOOD, NULL);
	char *text = write_report(grade, "junit", false);
	json_t *json;

	(void)state;
	assert_int_equal(grade->end, RUN_CUT_SHORT);
	assert_int_equal(xpath_number(text, "count(//error)"), 3);
	assert_int_equal(xpath_number(text, "/testsuites/@errors"), 3);
	assert_int_equal(xpath_number(text, "/testsuites/@tests"), 5);
	free(text);
	text = write_report(grade, "text", false);
	assert_non_null(
	        strstr(text, "This run gives no verdict: the record stream was cut short in "
	                     "case 3 \"bad\": bochs ended with status 1."));
	assert_non_null(strstr(text, "last \\x1b[0m words"));
	assert_null(strstr(text, "of 100 points"));
	free(text);
	text = write_report(grade, "tap", false);
	assert_non_null(strstr(text, "\n  ...\nBail out! the record stream was cut short"));
	free(text);
	text = write_report(grade, "gradescope", false);
	json = json_loads(text, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(json, "score")), 0);
	assert_non_null(strstr(object_string(json, "output"), "could not be graded"));
	json_decref(json);
	free(text);
	free_grade(grade);
}

/* TAP is the stream as it came. */
static void
tap_is_the_stream(void **state)
{
	struct grade *grade = whole_grade();
	char *text = write_report(grade, "tap", false);

	(void)state;
	assert_string_equal(text, stream_text);
	free(text);
	free_grade(grade);
}

/* A lab that does not compile says so in every format, with the compiler's words made harmless. */
static void
a_compile_error_is_reported_everywhere(void **state)
{
	struct grade *grade = make_grade(0, BUILD_DOES_NOT_COMPILE, "x.c:1: error: \x1b[31mno\n");
	char *text = write_report(grade, "text", false);

	(void)state;
	assert_non_null(strstr(text, "FAIL  0/100  the submission compiles  [build]\n"));
	assert_non_null(strstr(text, "compiler   | x.c:1: error: \\x1b[31mno\n"));
	assert_non_null(strstr(text, "Lab 1: 0 of 100 points\n"));
	free(text);
	text = write_report(grade, "junit", false);
	assert_int_equal(xpath_number(text, "count(//failure[@type='does-not-compile'])"), 1);
	assert_int_equal(xpath_number(text, "count(//system-err)"), 1);
	free(text);
	text = write_report(grade, "tap", false);
	assert_non_null(strstr(text, "1..1\n# case 1 \"build\" lab=1 points=100\n"
	                             "not ok 1 - the submission compiles\n  ---\n"));
	assert_non_null(strstr(text, "  compiler: \"x.c:1: error: \\u001B[31mno\\n\"\n"));
	free(text);
	free_grade(grade);
}

/* Gradescope: verdicts first, what a lab printed apart from them and without points. */
static void
gradescope_keeps_output_apart(void **state)
{
	struct grade *grade = whole_grade();
	char *text = write_report(grade, "gradescope", false);
	json_t *report = json_loads(text, 0, NULL);
	json_t *tests = json_object_get(report, "tests");
	json_t *printed = json_array_get(tests, 5);

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(report, "score")), 38);
	assert_int_equal(json_array_size(tests), 6);
	assert_string_equal(object_string(json_array_get(tests, 2), "status"), "failed");
	assert_int_equal(
	        json_integer_value(json_object_get(json_array_get(tests, 1), "max_score")), 0);
	assert_null(strstr(object_string(json_array_get(tests, 3), "output"), "mine"));
	assert_non_null(strstr(object_string(printed, "output"), "\\x1b]0;mine\\x07"));
	assert_null(json_object_get(printed, "max_score"));
	assert_null(json_object_get(printed, "status"));
	json_decref(report);
	free(text);
	free_grade(grade);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_golden),
		cmocka_unit_test(text_has_times_on_request),
		cmocka_unit_test(json_tells_everything),
		cmocka_unit_test(json_differs_in_time_only),
		cmocka_unit_test(junit_is_xml),
		cmocka_unit_test(a_cut_run_is_an_error_everywhere),
		cmocka_unit_test(tap_is_the_stream),
		cmocka_unit_test(a_compile_error_is_reported_everywhere),
		cmocka_unit_test(gradescope_keeps_output_apart),
	};
	int failed = cmocka_run_group_tests_name("reports", tests, NULL, NULL);

	xmlCleanupParser();
	return failed;
}
