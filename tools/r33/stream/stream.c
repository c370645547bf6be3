/* The record stream's lines: see stream.h. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "events.h"
#include "fields.h"
#include "lines.h"

static const char first_line[] = "TAP version 14";

struct stream *
stream_new(stream_event_function *event, void *context)
{
	struct stream *stream = allocate(1, sizeof(*stream));

	stream->event = event;
	stream->context = context;
	stream->planned = -1;
	stream->line = allocate(STREAM_LINE_BYTES + 1, 1);
	return stream;
}

void
stream_free(struct stream *stream)
{
	if (!stream)
		return;
	for (int i = 0; i < stream->planned; i++) {
		free(stream->cases[i].id);
		free(stream->cases[i].title);
		free(stream->cases[i].skip_reason);
		json_decref(stream->cases[i].details);
	}
	free(stream->cases);
	json_decref(stream->fields);
	free(stream->machine);
	free(stream->bail_out);
	free(stream->problem);
	free(stream->line);
	free(stream->block);
	free(stream);
}

/* What a case has earned that is not passed, or -1: all of it, and more, would be a pass. */
static json_int_t
partly_earned(const json_t *details, json_int_t points, bool passed)
{
	const json_t *earned = block_member(details, KEY_EARNED);
	json_int_t number = json_integer_value(earned);

	if (!earned)
		return 0;
	return !passed && number >= 0 && number < points ? number : -1;
}

/* The end of a test point's block: the verdict, if verdict and block agree. */
static void
take_block(struct stream *stream)
{
	struct reported_case *result = stream->reported;
	const char *problem = "";
	const char *id, *bad_fields;
	json_int_t lab, points, earned;
	json_t *details = stream_block_parse(stream->block, stream->block_length, &problem);

	stream->place = BETWEEN_POINTS;
	stream->block_length = 0;
	if (!details) {
		stream_malformed(stream, problem);
		return;
	}
	id = block_string(details, KEY_CASE);
	lab = block_integer(details, KEY_LAB);
	result->outcome = stream_outcome(block_string(details, KEY_OUTCOME));
	points = block_integer(details, KEY_POINTS);
	earned = partly_earned(details, points, stream->point_ok);
	bad_fields = stream_name_fields(stream, details);
	if (bad_fields) {
		stream_malformed(stream, bad_fields);
	} else if (strcmp(id, result->id) != 0 ||
	           (result->lab != 0 && (result->lab != lab || result->points != points))) {
		stream_malformed(
		        stream, "the block belongs to a case other than the one announced");
	} else if (lab < 0 || lab > STREAM_LABS || points > STREAM_CASE_POINTS) {
		stream_malformed(stream, "a lab or points out of range");
	} else if (stream->point_ok != case_has_outcome(result, OUTCOME_PASSED)) {
		stream_malformed(stream, "the test point and its outcome contradict each other");
	} else if (earned < 0) {
		stream_malformed(stream, "a case that earned points it cannot earn");
	} else {
		result->lab = (int)lab;
		result->points = (int)points;
		result->earned = (int)earned;
		result->status = stream->point_ok ? CASE_PASSED : CASE_FAILED;
		result->details = details;
		stream_announce(stream, STREAM_REPORTED, "");
		return;
	}
	result->outcome = NO_REPORT;
	json_decref(details);
}

/* One line inside a YAML block, or its end. */
static void
take_block_line(struct stream *stream, const char *line, size_t length)
{
	if (length < 2 || line[0] != ' ' || line[1] != ' ') {
		stream_malformed(stream, "a YAML block without its end");
	} else if (strcmp(line, "  ...") == 0) {
		take_block(stream);
	} else if (stream->block_length + length > STREAM_BLOCK_BYTES) {
		stream_malformed(stream, "a YAML block longer than 256 KiB");
	} else {
		memcpy(stream->block + stream->block_length, line + 2, length - 2);
		stream->block_length += length - 2;
		stream->block[stream->block_length++] = '\n';
	}
}

/* One whole line, without its line feed. */
static void
take_line(struct stream *stream, char *line, size_t length)
{
	stream->line_number++;
	if (memchr(line, '\0', length)) {
		stream_malformed(stream, "a NUL");
	} else if (!stream->started) {
		if (strcmp(line, first_line) != 0) {
			stream_malformed(stream, "not 'TAP version 14'");
			return;
		}
		stream->started = true;
		stream_announce(stream, STREAM_STARTED, "");
	} else if (stream->place == IN_BLOCK) {
		take_block_line(stream, line, length);
	} else if (stream->place == AFTER_POINT) {
		if (strcmp(line, "  ---") != 0) {
			stream_malformed(stream, "a test point without its YAML block");
			return;
		}
		stream->place = IN_BLOCK;
		if (!stream->block)
			stream->block = allocate(STREAM_BLOCK_BYTES + 1, 1);
	} else if (length > 0) {
		stream_take_line(stream, line);
	}
}

void
stream_feed(struct stream *stream, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !stream->malformed && !stream->ended; i++) {
		if (++stream->total_bytes > STREAM_BYTES) {
			stream_malformed(stream, "longer than 32 MiB");
		} else if (bytes[i] != '\n') {
			if (stream->line_length == STREAM_LINE_BYTES) {
				stream->line_number++;
				stream_malformed(stream, "longer than 64 KiB");
				return;
			}
			stream->line[stream->line_length++] = bytes[i];
		} else {
			stream->line[stream->line_length] = '\0';
			take_line(stream, stream->line, stream->line_length);
			stream->line_length = 0;
		}
	}
}

/*
 * The engine is gone.  A last line without its line feed does not count, not even an end line:
 * "# end status=1" may have been "# end status=10".
 */
void
stream_finish(struct stream *stream)
{
	stream->line_length = 0;
}
