/* Every line of the record stream that may come between two test points. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "base/util.h"
#include "events.h"
#include "fields.h"

/* The text after the prefix, or NULL when the line does not begin with it. */
static char *
behind(char *line, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(line, prefix, length) == 0 ? line + length : NULL;
}

/* A decimal number at the start of *text, at most 6 digits, in low..high; moves *text past it. */
static bool
take_decimal(char **text, int low, int high, int *number)
{
	int value = 0;
	int digits = 0;

	for (; **text >= '0' && **text <= '9' && digits < 7; digits++, (*text)++)
		value = value * 10 + (**text - '0');
	*number = value;
	return digits > 0 && digits < 7 && value >= low && value <= high;
}

/* "1..N", and optionally " # REASON": the cases exist from here on, all of them missing. */
static void
take_plan(struct stream *stream, char *text)
{
	int planned;

	if (stream->planned >= 0)
		stream_malformed(stream, "a second plan");
	else if (stream->version == 0)
		stream_malformed(stream, "a plan before '# r33 stream'");
	else if (!take_decimal(&text, 0, STREAM_CASES, &planned) ||
	         (*text != '\0' && !behind(text, " # ")))
		stream_malformed(stream, "the plan is not 1..0 to 1..1000");
	else {
		stream->planned = planned;
		stream->cases = allocate((size_t)planned, sizeof(*stream->cases));
		for (int i = 0; i < planned; i++) {
			stream->cases[i].number = i + 1;
			stream->cases[i].outcome = NO_REPORT;
		}
		stream_announce(stream, STREAM_PLANNED, "");
	}
}

/* The case with this number that has no test point yet, or NULL and the stream is malformed. */
static struct reported_case *
open_case(struct stream *stream, int number)
{
	if (stream->planned < 0)
		stream_malformed(stream, "a case before the plan");
	else if (number < 1 || number > stream->planned)
		stream_malformed(stream, "a case that was not planned");
	else if (stream->cases[number - 1].status != CASE_MISSING)
		stream_malformed(stream, "a case that was already reported");
	else
		return &stream->cases[number - 1];
	return NULL;
}

/* "# case N "ID"", and optionally " lab=L points=P". */
static void
take_case(struct stream *stream, char *text)
{
	struct reported_case *result;
	int number, lab = 0, points = 0;
	size_t length;
	char *id;

	if (!take_decimal(&text, 1, STREAM_CASES, &number) || !(id = behind(text, " \""))) {
		stream_malformed(stream, "'# case' without a number and a name");
		return;
	}
	length = strcspn(id, "\"");
	text = id + length + 1;
	if (length == 0 || length > STREAM_NAME_BYTES || id[length] != '"' || strchr(id, '\\') ||
	        (*text && (!(text = behind(text, " lab=")) ||
	                          !take_decimal(&text, 0, STREAM_LABS, &lab) ||
	                          !(text = behind(text, " points=")) ||
	                          !take_decimal(&text, 0, STREAM_CASE_POINTS, &points) || *text))) {
		stream_malformed(stream, "'# case' with an invalid name or number");
		return;
	}
	result = open_case(stream, number);
	if (!result)
		return;
	if (result->announced || (stream->current && stream->current->status == CASE_MISSING)) {
		stream_malformed(
		        stream, "a case although the one announced before it has not reported");
		return;
	}
	result->announced = true;
	result->id = copy_bytes(id, length);
	result->lab = lab;
	result->points = points;
	stream->current = result;
	stream_announce(stream, STREAM_CASE, result->id);
}

/* "ok N - title", "not ok N - title", either with " # SKIP reason". */
static void
take_point(struct stream *stream, char *text, bool ok)
{
	struct reported_case *result;
	char *skip;
	int number;

	if (!take_decimal(&text, 1, STREAM_CASES, &number) || !(text = behind(text, " - "))) {
		stream_malformed(stream, "a test point without a number and a title");
		return;
	}
	result = open_case(stream, number);
	if (!result)
		return;
	if (result != stream->current) {
		stream_malformed(stream, "a test point whose case was not announced");
		return;
	}
	skip = strstr(text, " # ");
	if (skip)
		*skip = '\0';
	result->title = cut_string(text, STREAM_NAME_BYTES);
	stream->point_ok = ok;
	stream->reported = result;
	if (!skip) {
		stream->place = AFTER_POINT;
	} else if (ok && behind(skip + 3, "SKIP")) {
		skip += 3 + strlen("SKIP");
		result->skip_reason = cut_string(*skip == ' ' ? skip + 1 : skip, STREAM_NAME_BYTES);
		result->status = CASE_SKIPPED;
		result->outcome = "skipped";
		stream_announce(stream, STREAM_REPORTED, "");
	} else {
		stream_malformed(stream, "a test point with a directive that is not SKIP");
	}
}

static void
take_ok(struct stream *stream, char *text)
{
	take_point(stream, text, true);
}

static void
take_not_ok(struct stream *stream, char *text)
{
	take_point(stream, text, false);
}

/* "Bail out! SENTENCE" */
static void
take_bail_out(struct stream *stream, char *text)
{
	if (!stream->bail_out)
		stream->bail_out = copy_string(text);
}

/* "# end status=S": whatever follows is ignored. */
static void
take_end(struct stream *stream, char *text)
{
	int status;

	if (!take_decimal(&text, 0, 255, &status) || *text != '\0') {
		stream_malformed(stream, "'# end status=' without a number");
		return;
	}
	stream->end_status = status;
	stream->ended = true;
	stream_announce(stream, STREAM_ENDED, "");
}

/* "# first-entry", once. */
static void
take_first_entry(struct stream *stream, char *text)
{
	if (*text != '\0' || stream->first_entry) {
		stream_malformed(stream, "'# first-entry' twice");
		return;
	}
	stream->first_entry = true;
	stream_announce(stream, STREAM_FIRST_ENTRY, "");
}

static void
take_machine(struct stream *stream, char *text)
{
	if (!stream->machine)
		stream->machine = copy_string(text);
}

/* "# r33 stream V" */
static void
take_version(struct stream *stream, char *text)
{
	if (strcmp(text, "1") == 0)
		stream->version = 1;
	else
		stream_malformed(stream, "not version 1: kernel and r33 are from different builds");
}

/* Any other comment. */
static void
take_comment(struct stream *stream, char *text)
{
	stream_announce(stream, STREAM_COMMENT, text);
}

/* Every line that may come between two test points. */
static const struct line_kind {
	const char *prefix;
	void (*take)(struct stream *stream, char *text);
} line_kinds[] = {
	{ "ok ", take_ok },
	{ "not ok ", take_not_ok },
	{ "1..", take_plan },
	{ "# case ", take_case },
	{ "# fields", stream_take_fields },
	{ "# first-entry", take_first_entry },
	{ "# end status=", take_end },
	{ "# machine ", take_machine },
	{ "# r33 stream ", take_version },
	{ "Bail out! ", take_bail_out },
	{ "#", take_comment },
};

void
stream_take_line(struct stream *stream, char *line)
{
	for (size_t i = 0; i < COUNT(line_kinds); i++) {
		char *text = behind(line, line_kinds[i].prefix);

		if (text) {
			line_kinds[i].take(stream, text);
			return;
		}
	}
	stream_malformed(stream, "a line that is not in docs/record-stream.md");
}
