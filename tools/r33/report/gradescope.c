/*
 * Gradescope's results.json.  What a lab printed is a test of its own without points, so that it
 * can never be taken for a verdict.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* One graded case. */
static json_t *
case_test(const struct reported_case *result, const char *lab, int number)
{
	char *output = report_case_string(result, false);
	char *name = new_string("%s: %s", lab, report_title(result));
	bool counts = result->status != CASE_SKIPPED;
	json_t *test;

	if (result->status == CASE_SKIPPED) {
		free(output);
		output = new_string("Not counted: %s", result->skip_reason);
	} else if (result->status == CASE_PASSED) {
		free(output);
		output = copy_string("");
	}
	test = json_pack("{s:o, s:s, s:i, s:i, s:s, s:o, s:s, s:s, s:[o], s:{s:o, s:s}}", "name",
	        text_json(name), "number", "", "score", case_earned(result), "max_score",
	        counts ? result->points : 0, "status",
	        result->status == CASE_PASSED || !counts ? "passed" : "failed", "output",
	        text_json(output), "output_format", "text", "visibility", "visible", "tags",
	        text_json(lab), "extra_data", "case", text_json(report_id(result)), "outcome",
	        result->outcome);
	free(name);
	name = new_string("%d", number);
	json_object_set_new(test, "number", json_string(name));
	free(name);
	free(output);
	return test;
}

/* What the lab printed in a case. */
static json_t *
output_test(const struct reported_case *result, const char *printed)
{
	char *clean = clean_string(printed);
	char *name = new_string("What your code printed in %s", report_id(result));
	json_t *test = json_pack("{s:o, s:o, s:s, s:s}", "name", text_json(name), "output",
	        text_json(clean), "output_format", "text", "visibility", "visible");

	free(name);
	free(clean);
	return test;
}

/* The points of all labs, each worth 100. */
static int
score(const struct grade *grade)
{
	int sum = 0;

	for (int i = 0; grade_status(grade) != STATUS_ENGINE_OR_FILE && i < grade->labs.count; i++)
		sum += grade_points(grade, grade->labs.labs[i].number).scaled;
	return sum;
}

/* The text above the tests: nothing unless something must be said. */
static char *
top_output(const struct grade *grade)
{
	struct points points = grade_points(grade, 0);
	char *left_out = report_left_out(grade);
	const char *remark = report_engine_remark(grade);
	char *skipped =
	        points.skipped > 0
	                ? new_string("%d cases were skipped on this processor and do not count.",
	                          points.skipped)
	                : copy_string("");
	char *text = grade->end != RUN_DONE
	                     ? new_string("This could not be graded: %s. It is not your fault; "
	                                  "please tell the course staff.",
	                               grade->end_message)
	                     : new_string("%s%s%s%s%s%s", remark ? remark : "",
	                               remark && (*skipped || left_out) ? " " : "", skipped,
	                               *skipped && left_out ? " " : "", left_out ? left_out : "",
	                               left_out ? "." : "");

	free(skipped);
	free(left_out);
	return text;
}

/* results.json */
bool
report_gradescope(FILE *out, const struct grade *grade, bool timings)
{
	json_t *tests = json_array();
	char *top = top_output(grade);
	json_t *report;
	bool good;

	for (int i = 0; i < grade->case_count; i++)
		json_array_append_new(
		        tests, case_test(grade->cases[i],
		                       report_lab_name(grade, grade->cases[i]->lab), i + 1));
	for (int i = 0; i < grade->case_count; i++) {
		const char *printed = block_string(grade->cases[i]->details, KEY_OUTPUT);

		if (printed)
			json_array_append_new(tests, output_test(grade->cases[i], printed));
	}
	report = json_pack("{s:i, s:o, s:s, s:s, s:s, s:{s:s, s:s, s:o, s:s}, s:o}", "score",
	        score(grade), "output", text_json(top), "output_format", "text", "visibility",
	        "visible", "stdout_visibility", "hidden", "extra_data", "engine", grade->engine,
	        "engine_version", grade->engine_version, "cpu", text_json(grade->cpu), "end",
	        run_end_word(grade->end), "tests", tests);
	if (timings && grade->times.total >= 0)
		json_object_set_new(report, "execution_time", json_real(grade->times.total / 1000));
	good = write_json(out, report, JSON_INDENT(2));
	json_decref(report);
	free(top);
	return fputc('\n', out) != EOF && good;
}
