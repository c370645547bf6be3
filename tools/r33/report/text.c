/* The report a person reads: a line per case, what went wrong below it, the points at the end. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { INDENT = 15, LAST_LINES = 12 };

/* "5/5", "0/5", "-" */
static void
write_points(FILE *out, const struct reported_case *result)
{
	char text[32] = "-";

	if (result->status != CASE_SKIPPED)
		snprintf(text, sizeof(text), "%d/%d", case_earned(result), result->points);
	fprintf(out, " %6s  ", text);
}

/* A case's line, and what it has to say. */
static void
write_case(FILE *out, const struct reported_case *result)
{
	static const char *const words[] = {
		[CASE_MISSING] = "NONE",
		[CASE_PASSED] = "PASS",
		[CASE_FAILED] = "FAIL",
		[CASE_SKIPPED] = "SKIP",
	};

	fprintf(out, "  %s",
	        result->status == CASE_FAILED && case_earned(result) > 0 ? "PART"
	                                                                 : words[result->status]);
	write_points(out, result);
	write_clean(out, report_title(result), INDENT);
	fputs("  [", out);
	write_clean(out, report_id(result), INDENT);
	fputc(']', out);
	if (result->status == CASE_SKIPPED) {
		fputs(": ", out);
		write_clean(out, result->skip_reason, INDENT);
	}
	fputc('\n', out);
	if (result->status == CASE_FAILED || result->status == CASE_MISSING)
		report_case_text(out, result, INDENT, true);
	else
		report_engine_note(out, result, INDENT);
}

/* "78 of 100 points (2 cases skipped on this processor)" */
static void
write_total(FILE *out, const char *name, const struct points *points, const char *only_case)
{
	if (only_case)
		fprintf(out, "%s: %d of %d points in case %s and its twin, if any", name,
		        points->earned, points->possible, only_case);
	else
		fprintf(out, "%s: %d of 100 points", name, points->scaled);
	if (points->possible != 100 && !only_case)
		fprintf(out, ", that is %d of %d", points->earned, points->possible);
	if (points->skipped)
		fprintf(out, " (%d case%s skipped on this processor)", points->skipped,
		        points->skipped == 1 ? "" : "s");
	if (points->missing)
		fprintf(out, " (%d case%s never reported)", points->missing,
		        points->missing == 1 ? "" : "s");
	fputc('\n', out);
}

/* All cases at once: what the code printed may say which part of it is missing. */
static void
write_unwritten(FILE *out, const struct grade *grade, int lab, int count)
{
	const char *text = NULL;

	fprintf(out,
	        "  Your function returned UNWRITTEN in all %d cases: there is nothing to enter "
	        "yet.\n",
	        count);
	for (int i = 0; !text && i < grade->case_count; i++) {
		if (grade->cases[i]->lab == lab)
			text = block_string(grade->cases[i]->details, KEY_OUTPUT);
	}
	if (text)
		report_printed(out, 2, "printed", text, false);
}

/* One lab. */
static void
write_lab(FILE *out, const struct grade *grade, const struct lab *lab)
{
	struct points points = grade_points(grade, lab->number);
	char *name = new_string("Lab %d", lab->number), *machine = report_machine(grade);
	int unwritten = grade_unwritten_cases(grade, lab->number);

	fprintf(out, "Lab %d: ", lab->number);
	write_clean(out, lab->directory + 2, 0);
	fprintf(out, " (%s)\n", machine);
	if (report_engine_remark(grade) && lab == grade->labs.labs)
		fprintf(out, "%s\n", report_engine_remark(grade));
	fputc('\n', out);
	if (lab->state == BUILD_GOOD && lab->message) {
		report_printed(out, 2, "warnings", lab->message, false);
		fputc('\n', out);
	}
	if (unwritten > 1)
		write_unwritten(out, grade, lab->number, unwritten);
	for (int i = 0; unwritten <= 1 && i < grade->case_count; i++) {
		if (grade->cases[i]->lab == lab->number)
			write_case(out, grade->cases[i]);
	}
	if (grade->end == RUN_DONE) {
		fputc('\n', out);
		write_total(out, name, &points, grade->only_case);
	}
	free(machine);
	free(name);
}

/* The last lines of console or engine. */
static void
write_last_words(FILE *out, const char *heading, const struct tail *tail)
{
	char *lines;

	if (tail->length == 0)
		return;
	lines = tail_lines(tail, LAST_LINES);
	fprintf(out, "\n%s:\n  ", heading);
	write_clean(out, lines, 2);
	fputc('\n', out);
	free(lines);
}

/* A run that is not done says why, above all else. */
static void
write_end(FILE *out, const struct grade *grade)
{
	fputs("This run gives no verdict: ", out);
	write_clean(out, grade->end_message, 0);
	fputs(".\n", out);
	if (run_end_shows_console(grade->end))
		write_last_words(out, "The last lines of the console", &grade->engine_end.console);
	if (run_end_shows_messages(grade->end))
		write_last_words(out, "The last words of the engine", &grade->engine_end.messages);
}

/* Seconds; "-" = it did not happen. */
static void
write_time(FILE *out, const char *what, double ms)
{
	if (ms < 0)
		fprintf(out, "  %-28s -\n", what);
	else
		fprintf(out, "  %-28s %.3f s\n", what, ms / 1000);
}

/* All times since the start of r33. */
static void
write_times(FILE *out, const struct run_times *times)
{
	fputs("\nTimes since the start:\n", out);
	write_time(out, "submission built", times->built);
	write_time(out, "image made", times->image);
	write_time(out, "engine started", times->engine_start);
	write_time(out, "kernel entered", times->kernel_entry);
	write_time(out, "first VM entry", times->first_entry);
	write_time(out, "last case reported", times->end);
	write_time(out, "all done", times->total);
}

bool
report_text(FILE *out, const struct grade *grade, bool timings)
{
	struct points points = grade_points(grade, 0);
	char *left_out = report_left_out(grade);

	if (grade->end != RUN_DONE && grade->case_count == 0) {
		write_end(out, grade);
	} else {
		for (int i = 0; i < grade->labs.count; i++) {
			if (i > 0)
				fputc('\n', out);
			write_lab(out, grade, &grade->labs.labs[i]);
		}
		if (grade->labs.count > 1 && grade->end == RUN_DONE) {
			fputc('\n', out);
			write_total(out, "All labs", &points, NULL);
		}
		if (grade->end != RUN_DONE) {
			fputc('\n', out);
			write_end(out, grade);
		}
	}
	if (grade_warning(grade))
		fprintf(out, "\nWarning: %s.\n", grade_warning(grade));
	if (left_out)
		fprintf(out, "\nNote: %s.\n", left_out);
	free(left_out);
	if (timings)
		write_times(out, &grade->times);
	return !ferror(out);
}
