/* The HTML report's cases: what the text report says of them, laid out by the browser. */
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "html.h"

char *
html_points(const struct points *points)
{
	return points->possible == 100 || points->possible == 0
	               ? new_string("%d of 100 points", points->scaled)
	               : new_string("%d of 100 points, that is %d of %d", points->scaled,
	                         points->earned, points->possible);
}

/* A case's sign, so that colour is not all that tells. */
static const char *const signs[] = {
	[CASE_MISSING] = "?",
	[CASE_PASSED] = "\xe2\x9c\x93",
	[CASE_FAILED] = "\xe2\x9c\x97",
	[CASE_SKIPPED] = "\xe2\x80\x93",
};

/* What a lab or the compiler printed: the lines from this one on that have its label, and an "|"
 * less; *lines is moved past them. */
static void
write_printed(xmlTextWriterPtr page, const char *label, char **lines)
{
	size_t length = strlen(label);
	bool first = true;

	html_element(page, "dt", NULL, label);
	html_open(page, "dd", NULL);
	html_open(page, "pre", NULL);
	while (strncmp(*lines, label, length) == 0 && (*lines)[length] == '\t') {
		char *line = strsep(lines, "\n");

		if (!first)
			html_text(page, "\n");
		html_text(page, line + length + 1);
		first = false;
	}
	html_close(page);
	html_close(page);
}

/* "LABEL\tTEXT" lines as a list; a line without a label belongs to the one above. */
static void
write_items(xmlTextWriterPtr page, char *lines)
{
	html_open(page, "dl", NULL);
	while (*lines) {
		char *text;

		if (strncmp(lines, "printed\t", 8) == 0) {
			write_printed(page, "printed", &lines);
		} else if (strncmp(lines, "compiler\t", 9) == 0) {
			write_printed(page, "compiler", &lines);
		} else {
			text = strsep(&lines, "\n");
			text[strcspn(text, "\t")] = '\0';
			if (*text)
				html_element(page, "dt", NULL, text);
			html_element(page, "dd", *text ? NULL : "more", text + strlen(text) + 1);
		}
	}
	html_close(page);
}

/* All that there is to say of a case, as lines of write_unwrapped(). */
static char *
case_lines(const struct reported_case *result)
{
	const char *printed = block_string(result->details, KEY_OUTPUT);
	char *text = NULL, *left_out;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return copy_string("");
	left_out = report_case_left_out(result);
	if (result->status == CASE_FAILED || result->status == CASE_MISSING)
		report_case_text(out, result, UNWRAPPED, true);
	else if (result->status == CASE_SKIPPED)
		write_unwrapped(out, "skipped", result->skip_reason);
	else if (printed)
		report_printed(out, UNWRAPPED, "printed", printed,
		        json_is_true(block_member(result->details, KEY_OUTPUT_TRUNCATED)));
	if (result->status == CASE_PASSED)
		report_engine_note(out, result, UNWRAPPED);
	if (result->status != CASE_FAILED && left_out)
		write_unwrapped(out, "left out", left_out);
	free(left_out);
	fclose(out);
	return text;
}

/* "✗ a 64-bit guest [enter-64-bit] 0/5" */
static void
write_heading(xmlTextWriterPtr page, const struct reported_case *result)
{
	html_element(page, "span", "sign", signs[result->status]);
	html_open(page, "span", "title");
	html_text(page, report_title(result));
	html_text(page, " ");
	html_element(page, "code", NULL, report_id(result));
	html_close(page);
	html_element_new(page, "span", "points",
	        result->status == CASE_SKIPPED
	                ? copy_string("skipped")
	                : new_string("%d/%d", case_earned(result), result->points));
}

/* One case; those that lost points are open. */
static void
write_case(xmlTextWriterPtr page, const struct reported_case *result)
{
	char *lines = case_lines(result);
	const char *status = report_status_word(result->status);
	char *class = new_string("case %s", status);

	html_open(page, *lines ? "details" : "div", class);
	if (result->status == CASE_FAILED || result->status == CASE_MISSING)
		html_attribute(page, "open", "open");
	if (*lines) {
		html_open(page, "summary", NULL);
		write_heading(page, result);
		html_close(page);
		write_items(page, lines);
	} else {
		write_heading(page, result);
	}
	html_close(page);
	html_text(page, "\n");
	free(class);
	free(lines);
}

void
html_lab(xmlTextWriterPtr page, const struct grade *grade, const struct lab *lab)
{
	struct points points = grade_points(grade, lab->number);
	int unwritten = grade_unwritten_cases(grade, lab->number);
	char *id = new_string("lab%d", lab->number);

	html_open(page, "section", "lab");
	html_attribute(page, "id", id);
	free(id);
	html_element_new(
	        page, "h2", NULL, new_string("Lab %d: %s", lab->number, lab->directory + 2));
	if (grade->end == RUN_DONE)
		html_element_new(page, "p", "points", html_points(&points));
	if (lab->state == BUILD_GOOD && lab->message) {
		html_element(page, "p", NULL, "The compiler warned:");
		html_element(page, "pre", NULL, lab->message);
	}
	if (unwritten > 1)
		html_element_new(page, "p", NULL,
		        new_string("Your function returned UNWRITTEN in all %d cases: there is "
		                   "nothing to enter yet.",
		                unwritten));
	for (int i = 0; unwritten <= 1 && i < grade->case_count; i++) {
		if (grade->cases[i]->lab == lab->number)
			write_case(page, grade->cases[i]);
	}
	html_close(page);
}
