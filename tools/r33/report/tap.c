/* The TAP report: the record stream as it came, or one put together when there is none. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* Of a longer stream the cases are put together: what it says of them besides could be anything. */
enum { MOST_STREAM_BYTES = 4 * 1024 * 1024 };

/* A line's worth of text: a title must not end the line or begin a directive. */
static void
write_title(FILE *out, const char *title)
{
	char *clean = clean_string(title);

	for (char *at = clean; *at; at++)
		fputc(*at == '\n' || *at == '#' ? ' ' : *at, out);
	free(clean);
}

/* Is there a lab that was not built?  Then the stream alone does not tell all. */
static bool
has_unbuilt_lab(const struct grade *grade)
{
	for (int i = 0; i < grade->labs.count; i++) {
		if (!lab_is_gradable(&grade->labs.labs[i]))
			return true;
	}
	return false;
}

/* The block of a test point; a JSON value is a YAML value as well. */
static void
write_block(FILE *out, const json_t *details)
{
	const char *key;
	json_t *value;

	fputs("  ---\n", out);
	/* jansson does not promise to leave a const object alone, but iteration does. */
	json_object_foreach((json_t *)(uintptr_t)details, key, value)
	{
		fprintf(out, "  %s: ", key);
		write_json(out, value, JSON_ENCODE_ANY);
		fputc('\n', out);
	}
	fputs("  ...\n", out);
}

/* One test point, announced as in the stream. */
static void
write_point(FILE *out, const struct reported_case *result, int number)
{
	if (result->id) {
		fprintf(out, "# case %d \"", number);
		write_title(out, result->id);
		fprintf(out, "\" lab=%d points=%d\n", result->lab, result->points);
	}
	fprintf(out, "%sok %d - ",
	        result->status == CASE_PASSED || result->status == CASE_SKIPPED ? "" : "not ",
	        number);
	write_title(out, report_title(result));
	if (result->status == CASE_SKIPPED) {
		fputs(" # SKIP ", out);
		write_title(out, result->skip_reason);
	}
	fputc('\n', out);
	if (result->details)
		write_block(out, result->details);
	else if (result->status == CASE_MISSING)
		fputs("  ---\n  outcome: " NO_REPORT "\n  ...\n", out);
}

/* The stream, or the cases; a run that is not done ends with "Bail out!" in either form. */
bool
report_tap(FILE *out, const struct grade *grade, bool timings)
{
	char *left_out = report_left_out(grade);

	(void)timings;
	if (grade->raw_length > 0 && grade->raw_length <= MOST_STREAM_BYTES && !left_out &&
	        !has_unbuilt_lab(grade)) {
		write_clean_bytes(out, grade->raw, grade->raw_length, 0);
		if (grade->raw[grade->raw_length - 1] != '\n')
			fputc('\n', out);
		if (grade->stream->place == IN_BLOCK)
			fputs("  ...\n", out);
	} else {
		fprintf(out, "TAP version 14\n1..%d\n", grade->case_count);
		for (int i = 0; i < grade->case_count; i++)
			write_point(out, grade->cases[i], i + 1);
	}
	if (left_out)
		fprintf(out, "# left out: %s\n", left_out);
	free(left_out);
	if (grade->end != RUN_DONE && !(grade->stream && grade->stream->bail_out)) {
		fputs("Bail out! ", out);
		write_title(out, grade->end_message);
		fputc('\n', out);
	}
	return !ferror(out);
}
