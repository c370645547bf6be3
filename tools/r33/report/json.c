/* The JSON report: everything r33 knows.  docs/report-json.md describes it. */
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "report.h"

enum { LAST_LINES = 12 };

/* Milliseconds with one decimal; null = it did not happen. */
static json_t *
milliseconds(double value)
{
	return value < 0 ? json_null() : json_real((double)(int64_t)(value * 10) / 10);
}

/* The times of the run, and nothing else, are in here. */
static json_t *
time_json(const struct run_times *times)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "built_ms",
	        milliseconds(times->built), "image_ms", milliseconds(times->image),
	        "engine_start_ms", milliseconds(times->engine_start), "kernel_entry_ms",
	        milliseconds(times->kernel_entry), "first_entry_ms",
	        milliseconds(times->first_entry), "end_ms", milliseconds(times->end), "total_ms",
	        milliseconds(times->total));
}

json_t *
report_points_json(const struct points *points)
{
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "earned", points->earned,
	        "possible", points->possible, "scaled", points->scaled, "cases", points->cases,
	        "passed", points->passed, "failed", points->failed, "skipped", points->skipped,
	        "missing", points->missing);
}

json_t *
report_case_json(const struct reported_case *result)
{
	json_t *object = json_pack("{s:i, s:o, s:o, s:s, s:s, s:i, s:i}", record_keys[KEY_LAB].word,
	        result->lab, record_keys[KEY_CASE].word, text_json(report_id(result)), "title",
	        text_json(report_title(result)), "status", report_status_word(result->status),
	        record_keys[KEY_OUTCOME].word, result->outcome, record_keys[KEY_POINTS].word,
	        result->points, record_keys[KEY_EARNED].word, case_earned(result));

	if (result->skip_reason)
		json_object_set_new(object, "skip_reason", text_json(result->skip_reason));
	if (result->details)
		json_object_update_missing(object, result->details);
	return object;
}

/* The lab's cases. */
static json_t *
cases_json(const struct grade *grade, int lab)
{
	json_t *cases = json_array();

	for (int i = 0; i < grade->case_count; i++) {
		if (grade->cases[i]->lab == lab)
			json_array_append_new(cases, report_case_json(grade->cases[i]));
	}
	return cases;
}

/* The labs with their cases. */
static json_t *
labs_json(const struct grade *grade)
{
	json_t *labs = json_array();

	for (int i = 0; i < grade->labs.count; i++) {
		const struct lab *lab = &grade->labs.labs[i];
		struct points points = grade_points(grade, lab->number);
		json_t *object = json_pack("{s:i, s:o, s:s, s:o, s:o}", "lab", lab->number,
		        "directory", text_json(lab->directory), "build",
		        build_state_word(lab->state), "points", report_points_json(&points),
		        "cases", cases_json(grade, lab->number));

		if (lab->message)
			json_object_set_new(object, "build_message", text_json(lab->message));
		json_array_append_new(labs, object);
	}
	return labs;
}

/* The last lines of a text as an array, cleaned so that they are UTF-8. */
static json_t *
lines_json(const struct tail *tail)
{
	json_t *lines = json_array();
	char *last = tail_lines(tail, LAST_LINES);
	char *text = clean_string(last);
	char *rest;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		json_array_append_new(lines, text_json(line));
	free(text);
	free(last);
	return lines;
}

/* How the run ended. */
static json_t *
end_json(const struct grade *grade)
{
	const struct stream *stream = grade->stream;
	json_t *end = json_pack("{s:s}", "word", run_end_word(grade->end));

	if (grade->end_message)
		json_object_set_new(end, "message", text_json(grade->end_message));
	if (stream && stream->ended)
		json_object_set_new(end, "status", json_integer(stream->end_status));
	if (grade->end != RUN_DONE && stream && stream->current)
		json_object_set_new(end, "case", text_json(stream->current->id));
	if (run_end_shows_console(grade->end))
		json_object_set_new(end, "console", lines_json(&grade->engine_end.console));
	if (run_end_shows_messages(grade->end))
		json_object_set_new(end, "messages", lines_json(&grade->engine_end.messages));
	return end;
}

bool
report_json(FILE *out, const struct grade *grade, bool timings)
{
	struct points points = grade_points(grade, 0);
	const char *machine = grade->stream ? grade->stream->machine : NULL;
	json_t *report = json_pack("{s:s, s:s, s:{s:s, s:s*, s:o, s:s*}, s:o*, s:o, s:o, s:o}",
	        "format", "r33 report 1", "r33", R33_VERSION, "engine", "name", grade->engine,
	        "version", grade->engine_version[0] ? grade->engine_version : NULL, "cpu",
	        text_json(grade->cpu), "entries_refused_by", report_refused_by(grade), "machine",
	        machine ? text_json(machine) : NULL, "end", end_json(grade), "points",
	        report_points_json(&points), "labs", labs_json(grade));
	char *left_out = report_left_out(grade);
	bool good;

	(void)timings;
	json_object_set_new(report, "confinement",
	        json_pack("{s:i, s:b, s:b}", "landlock", grade->confinement.landlock, "seccomp",
	                grade->confinement.seccomp, "watch", grade->confinement.watch));
	if (grade_warning(grade))
		json_object_set_new(report, "warning", json_string(grade_warning(grade)));
	if (left_out)
		json_object_set_new(report, "left_out", json_string(left_out));
	free(left_out);
	json_object_set_new(report, "time", time_json(&grade->times));
	good = write_json(out, report, JSON_INDENT(2) | JSON_REAL_PRECISION(7));
	json_decref(report);
	return fputc('\n', out) != EOF && good;
}
