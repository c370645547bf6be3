/*
 * Fuzzing the reports: a grade with hostile text wherever a text of foreign origin can be.  In every
 * format the report is one that readers can read, has every case and the points, obeys no length but
 * its own, and holds nothing that a terminal would obey.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <r33/array.h>

#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { MOST_CASES = 12, MOST_REPORT_BYTES = 8 * 1024 * 1024 };

/* What formats trip over; the fuzzer puts them between bytes of its own. */
static const char *const stones[] = { "\xef\xbf\xbe", "\xef\xbf\xbf", "\xef\xb7\x90",
	"\xf0\x9f\xbf\xbf", "\xef\xbb\xbf", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80", "\xe9",
	"\x80", "]]>", "<!--", "-->", "&#xFFFF;", "</pre></dd>", "<script>", "\nok 1 - forged\n",
	"\n1..1\n", "\nBail out!", "  ---\n", "\n  ...\n", " # SKIP ", "\x1b]0;t\a", "\xc2\x9b[31m",
	"\\", "\"", "\\u0000", "'", "\r", "\r\n", "\t", "%s%n", "\xe2\x80\xae", "{{", "*",
	"compiler\t", "printed\t", "\n\n" };

enum { STONES = COUNT(stones), LONG_TEXT = 20000 };

struct input {
	const uint8_t *bytes;
	size_t left;
};

/* The next byte; 0 when there is none. */
static unsigned
take(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->bytes++;
}

/* A text of the next bytes, in which some stand for stones; now and then a very long one. */
static char *
take_text(struct input *input)
{
	unsigned pieces = take(input);
	unsigned repeat = pieces == 255 ? LONG_TEXT : 1;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	pieces %= 16;
	for (unsigned i = 0; i < pieces; i++) {
		unsigned byte = take(input);

		if (byte < 128)
			fputs(stones[byte % STONES], out);
		else if (byte != 128)
			fputc((int)(byte < 192 ? byte - 64 : byte), out);
	}
	fflush(out);
	if (repeat > 1 && length > 0) {
		char *piece = copy_bytes(text, length);

		for (size_t i = 0; i < repeat / strlen(piece) + 1; i++)
			fputs(piece, out);
		free(piece);
	}
	fclose(out);
	return text;
}

/* A name: a file system, or the stream's parser, lets none be longer. */
static char *
take_name(struct input *input)
{
	char *text = take_text(input);

	text[strnlen(text, 255)] = '\0';
	return text;
}

/* As a JSON value: as it is where JSON takes it, for a reader of blocks might let it in. */
static json_t *
take_json(struct input *input)
{
	char *text = take_text(input);
	json_t *value = json_string(text);

	if (!value)
		value = text_json(text);
	free(text);
	return value;
}

/* An object with these members, all of them text. */
static json_t *
take_object(struct input *input, const char *const *keys)
{
	json_t *object = json_object();

	for (; *keys; keys++) {
		if (take(input) & 1)
			json_object_set_new(object, *keys, take_json(input));
	}
	return object;
}

/* A block's content. */
static json_t *
take_details(struct input *input)
{
	static const char *const texts[] = { "message", "wish", "expected", "hint", "output",
		"compiler", NULL };
	static const char *const members[] = { "id", "section", "field", "value", "message", "hint",
		"name", "by", "expected", "got", "rip", "module", "file", "function", "instruction",
		"address", "error_code", "qualification", NULL };
	static const char *const lists[] = { "rules", "observed", "writes", "violations" };
	json_t *details = take_object(input, texts);

	for (size_t i = 0; i < COUNT(lists); i++) {
		json_t *list = json_array();
		unsigned count = take(input);

		count = count > 250 ? 512 : count % 4;
		for (unsigned j = 0; j < count; j++)
			json_array_append_new(list, take_object(input, members));
		json_object_set_new(details, lists[i], list);
	}
	json_object_set_new(details, "exit", take_object(input, members));
	json_object_set_new(details, "fault", take_object(input, members));
	json_object_set_new(details, "points", json_integer(5));
	return details;
}

/* A case. */
static struct reported_case
take_case(struct input *input, int number)
{
	unsigned kind = take(input);
	struct reported_case result = { .number = number,
		.status = (enum case_status)(kind % 4),
		.announced = true,
		.lab = 1 + (kind >> 2) % 2,
		.points = 5,
		.outcome = "wrong-state" };

	if (kind & 16)
		result.id = take_name(input);
	if (kind & 32)
		result.title = take_name(input);
	if (result.status == CASE_SKIPPED)
		result.skip_reason = take_name(input);
	if (result.status == CASE_PASSED || result.status == CASE_FAILED)
		result.details = take_details(input);
	return result;
}

/* A grade. */
static struct grade *
take_grade(struct input *input)
{
	struct grade *grade = allocate(1, sizeof(*grade));
	int count = (int)(take(input) % MOST_CASES);
	unsigned kind = take(input);

	grade->engine = "bochs";
	grade->cpu = "tigerlake";
	grade->confinement = (struct confinement_support){ 7, true, true };
	grade->submission = take_text(input);
	grade->times = (struct run_times){ 1, 2, 3, 4, 5, 6, 7 };
	grade->labs.count = 2;
	for (int i = 0; i < 2; i++) {
		char *directory = take_name(input);

		grade->labs.labs[i] = (struct lab){ .number = i + 1,
			.directory = new_string("%d-%s", i + 1, directory),
			.state = kind & (1u << i) ? BUILD_DOES_NOT_COMPILE : BUILD_GOOD,
			.message = take_text(input) };
		free(directory);
	}
	grade->stream = stream_new(NULL, NULL);
	grade->stream->planned = count;
	grade->stream->machine = take_text(input);
	grade->stream->cases = allocate((size_t)count, sizeof(*grade->stream->cases));
	for (int i = 0; i < count; i++)
		grade->stream->cases[i] = take_case(input, i + 1);
	if (kind & 4) {
		char *words = take_text(input);

		grade->end = (kind >> 3) % 12 + 1;
		grade->end_message = take_text(input);
		tail_add(&grade->engine_end.console, words, strlen(words));
		tail_add(&grade->engine_end.messages, words, strlen(words));
		free(words);
	}
	grade_assemble(grade);
	return grade;
}

/* Stop, and say why. */
static void
fail(const char *what, const char *report)
{
	fprintf(stderr, "%s:\n%.100000s\n", what, report);
	abort();
}

/* Nothing that a terminal would obey, and everything UTF-8: valid_string() finds nothing to do. */
static void
check_text(const char *text)
{
	char *clean = clean_string(text);

	if (strcmp(clean, text) != 0)
		fail("not clean", text);
	free(clean);
}

/* The number of cases with this status in a JSON report. */
static void
check_json(const struct grade *grade, const char *text)
{
	json_t *report = json_loads(text, 0, NULL);
	struct points points = grade_points(grade, 0);
	size_t cases = 0, i;
	json_t *lab;

	if (!report)
		fail("no JSON", text);
	json_array_foreach(json_object_get(report, "labs"), i, lab) cases +=
	        json_array_size(json_object_get(lab, "cases"));
	if (cases != (size_t)grade->case_count ||
	        json_integer_value(json_object_get(json_object_get(report, "points"), "earned")) !=
	                points.earned)
		fail("cases or points are missing", text);
	json_decref(report);
}

/* Every case is a test of its own; what was printed is another one. */
static void
check_gradescope(const struct grade *grade, const char *text)
{
	json_t *report = json_loads(text, 0, NULL);
	size_t cases = 0, i;
	json_t *test;

	if (!report)
		fail("no JSON", text);
	json_array_foreach(json_object_get(report, "tests"), i, test) cases +=
	        json_object_get(test, "max_score") != NULL;
	if (cases != (size_t)grade->case_count)
		fail("a test is missing", text);
	json_decref(report);
}

/* XML, with as many elements as there are cases. */
static void
check_xml(const struct grade *grade, const char *text, const char *count, int more)
{
	xmlDocPtr document = xmlReadMemory(text, (int)strlen(text), NULL, NULL,
	        XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlXPathContextPtr context;
	xmlXPathObjectPtr object;

	if (!document)
		fail("no XML", text);
	context = xmlXPathNewContext(document);
	object = xmlXPathEvalExpression(BAD_CAST count, context);
	if ((int)xmlXPathCastToNumber(object) != grade->case_count + more)
		fail("a case is missing", text);
	xmlXPathFreeObject(object);
	xmlXPathFreeContext(context);
	xmlFreeDoc(document);
}

/* A version, one plan, one line for every case, in order: no text has broken out of its line. */
static void
check_tap(const struct grade *grade, const char *text)
{
	int points = 0, plans = 0, open = 0;

	if (strncmp(text, "TAP version 14\n", 15) != 0)
		fail("no TAP", text);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		int number = 0;

		plans += strncmp(line, "1..", 3) == 0;
		if (sscanf(line, "ok %d - ", &number) == 1 ||
		        sscanf(line, "not ok %d - ", &number) == 1) {
			if (number != ++points)
				fail("a test point out of order", text);
		}
		open += strncmp(line, "  ---\n", 6) == 0;
		open -= strncmp(line, "  ...\n", 6) == 0;
		if (!strchr(" #", *line) && number == 0 && strncmp(line, "1..", 3) != 0 &&
		        strncmp(line, "TAP version 14\n", 15) != 0 &&
		        strncmp(line, "Bail out! ", 10) != 0)
			fail("a line that is none", text);
	}
	if (plans != 1 || open != 0 || points != grade->case_count)
		fail("the plan is not what there is", text);
}

/* The report in this format. */
static void
check_report(const struct grade *grade, const char *format)
{
	bool html = strcmp(format, "html") == 0;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!report_format_find(format)->write(out, grade, false))
		fail("not written", format);
	fclose(out);
	if (strlen(text) != length || length > MOST_REPORT_BYTES)
		fail("too long, or cut", format);
	check_text(text);
	if (strcmp(format, "json") == 0)
		check_json(grade, text);
	else if (strcmp(format, "gradescope") == 0)
		check_gradescope(grade, text);
	else if (strcmp(format, "tap") == 0)
		check_tap(grade, text);
	else if (strcmp(format, "junit") == 0)
		check_xml(grade, text, "count(//testcase)", grade->end != RUN_DONE);
	else if (html)
		check_xml(grade, text, "count(//*[starts-with(@class, 'case ')])", 0);
	free(text);
}

/* One input. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const formats[] = { "text", "json", "tap", "junit", "gradescope",
		"html" };
	struct input input = { bytes, length };
	struct grade *grade = take_grade(&input);
	char *screen = NULL;
	FILE *out = open_memstream(&screen, &length);

	report_bound(grade);
	for (size_t i = 0; i < COUNT(formats); i++)
		check_report(grade, formats[i]);
	report_overview(out, grade);
	fclose(out);
	check_text(screen);
	free(screen);
	free((char *)(uintptr_t)grade->submission);
	grade_free(grade);
	free(grade);
	return 0;
}
