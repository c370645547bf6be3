/*
 * The HTML report: one page for a person, without a script or anything from elsewhere.  The same
 * submission gives the same bytes.  What a lab printed, and its names, are text and never markup.
 */
#include "html.h"

#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

enum { LAST_LINES = 12 };

/* What was handed in, by the last name of its path. */
static char *
submission_name(const struct grade *grade)
{
	const char *path = grade->submission ? grade->submission : "labs";
	size_t length = strlen(path);
	size_t begin;

	while (length > 1 && path[length - 1] == '/')
		length--;
	for (begin = length; begin > 0 && path[begin - 1] != '/'; begin--)
		;
	return begin < length ? copy_bytes(path + begin, length - begin) : copy_bytes(path, length);
}

/* Nothing may be loaded, whatever the page contains. */
static void
write_head(xmlTextWriterPtr page, const char *title)
{
	static const char *const charset[] = { "charset", "utf-8", NULL };
	static const char *const viewport[] = { "name", "viewport", "content",
		"width=device-width, initial-scale=1", NULL };
	static const char *const policy[] = { "http-equiv", "Content-Security-Policy", "content",
		"default-src 'none'; style-src 'unsafe-inline'; img-src data:", NULL };
	static const char *const icon[] = { "rel", "icon", "href", "data:,", NULL };

	html_open(page, "head", NULL);
	html_void(page, "meta", charset);
	html_void(page, "meta", policy);
	html_void(page, "meta", viewport);
	html_void(page, "link", icon);
	html_element(page, "title", NULL, title);
	html_open(page, "style", NULL);
	xmlTextWriterWriteRaw(page, BAD_CAST html_style);
	html_close(page);
	html_close(page);
}

/* A cell with a number; 0 is shown as nothing lost. */
static void
write_number(xmlTextWriterPtr page, int number)
{
	html_element_new(page, "td", "number",
	        number ? new_string("%d", number) : copy_string("\xe2\x80\x93"));
}

/* So much of it is earned. */
static void
write_bar(xmlTextWriterPtr page, int percent)
{
	char *style = new_string("width:%d%%", percent);

	html_open(page, "span", "bar");
	html_open(page, "span", NULL);
	html_attribute(page, "style", style);
	html_close(page);
	html_close(page);
	free(style);
}

/* The row of one lab, or of all. */
static void
write_row(xmlTextWriterPtr page, const char *link, const char *name, const struct points *points)
{
	html_open(page, "tr", NULL);
	html_open(page, "th", NULL);
	if (link) {
		html_open(page, "a", NULL);
		html_attribute(page, "href", link);
		html_text(page, name);
		html_close(page);
	} else {
		html_text(page, name);
	}
	write_bar(page, points->scaled);
	html_close(page);
	html_element_new(page, "td", "number", new_string("%d", points->scaled));
	write_number(page, points->passed);
	write_number(page, points->failed + points->missing);
	write_number(page, points->skipped);
	html_close(page);
}

/* A line per lab, and the total. */
static void
write_table(xmlTextWriterPtr page, const struct grade *grade)
{
	static const char *const headings[] = { "Lab", "of 100", "passed", "failed", "skipped" };
	struct points all = grade_points(grade, 0);

	html_open(page, "table", "labs");
	html_open(page, "thead", NULL);
	html_open(page, "tr", NULL);
	for (size_t i = 0; i < COUNT(headings); i++)
		html_element(page, "th", i ? "number" : NULL, headings[i]);
	html_close(page);
	html_close(page);
	html_open(page, "tbody", NULL);
	for (int i = 0; i < grade->labs.count; i++) {
		const struct lab *lab = &grade->labs.labs[i];
		struct points points = grade_points(grade, lab->number);
		char *link = new_string("#lab%d", lab->number);
		char *name = new_string("%d %s", lab->number, lab->directory + 2);

		write_row(page, link, name, &points);
		free(link);
		free(name);
	}
	if (grade->labs.count > 1)
		write_row(page, NULL, "All labs", &all);
	html_close(page);
	html_close(page);
}

/* The last lines of console or engine. */
static void
write_last_words(xmlTextWriterPtr page, const char *heading, const struct tail *tail)
{
	if (tail->length == 0)
		return;
	html_element(page, "p", NULL, heading);
	html_element_new(page, "pre", NULL, tail_lines(tail, LAST_LINES));
}

/* A run that is not done says why, above all else. */
static void
write_end(xmlTextWriterPtr page, const struct grade *grade)
{
	html_open(page, "section", "end");
	html_element(page, "h2", NULL, "This run gives no verdict");
	html_element_new(page, "p", NULL, new_string("%s.", grade->end_message));
	if (run_end_shows_console(grade->end))
		write_last_words(
		        page, "The last lines of the console:", &grade->engine_end.console);
	if (run_end_shows_messages(grade->end))
		write_last_words(
		        page, "The last words of the engine:", &grade->engine_end.messages);
	html_close(page);
}

/* Whose it is, where it ran, what it came to. */
static void
write_body(xmlTextWriterPtr page, const struct grade *grade, const char *name, const char *total)
{
	bool done = grade->end == RUN_DONE;
	char *left_out = report_left_out(grade), *machine = report_machine(grade);

	html_open(page, "header", NULL);
	html_element(page, "h1", NULL, name);
	html_element_new(page, "p", "where", new_string("Reason 33 on %s", machine));
	if (report_engine_remark(grade))
		html_element(page, "p", "where", report_engine_remark(grade));
	if (grade->only_case)
		html_element_new(page, "p", "where",
		        new_string("only case %s and its twin, if any", grade->only_case));
	html_element(page, "p", "total", total);
	html_close(page);
	if (grade_warning(grade))
		html_element_new(
		        page, "p", "warning", new_string("Warning: %s.", grade_warning(grade)));
	if (left_out)
		html_element_new(page, "p", "warning", new_string("Note: %s.", left_out));
	free(left_out);
	free(machine);
	if (done) {
		write_table(page, grade);
		html_area(page, grade);
	} else {
		write_end(page, grade);
	}
	for (int i = 0; i < grade->labs.count; i++)
		html_lab(page, grade, &grade->labs.labs[i]);
	html_element(page, "footer", NULL,
	        "More about a rule: build/r33 rules with its name, e.g. build/r33 rules "
	        "CR0-FIXED0.");
}

static void
write_page(xmlTextWriterPtr page, const struct grade *grade)
{
	struct points points = grade_points(grade, 0);
	char *name = submission_name(grade);
	char *total = grade->end == RUN_DONE ? html_points(&points) : copy_string("no verdict");
	char *title = new_string("%s: %s", name, total);

	xmlTextWriterWriteDTD(page, BAD_CAST "html", NULL, NULL, NULL);
	xmlTextWriterWriteRaw(page, BAD_CAST "\n");
	html_open(page, "html", NULL);
	html_attribute(page, "lang", "en");
	write_head(page, title);
	html_open(page, "body", NULL);
	write_body(page, grade, name, total);
	html_close(page);
	html_close(page);
	xmlTextWriterWriteRaw(page, BAD_CAST "\n");
	free(title);
	free(total);
	free(name);
}

bool
report_html(FILE *out, const struct grade *grade, bool timings)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	xmlTextWriterPtr page = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;

	(void)timings;
	if (!page)
		return false;
	write_page(page, grade);
	xmlTextWriterEndDocument(page);
	xmlFreeTextWriter(page);
	fwrite(xmlBufferContent(buffer), 1, (size_t)xmlBufferLength(buffer), out);
	xmlBufferFree(buffer);
	return !ferror(out);
}
