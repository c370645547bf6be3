/*
 * The record stream (docs/record-stream.md): bytes from COM2 in, cases out.
 *
 * The parser is incremental (any chunking), pure (no file, no clock, no global) and bounded.  The
 * kernel writes the stream, but the parser trusts nothing: whatever is not exactly as the page
 * says makes the stream malformed, the rest of it is ignored, and no case is passed by it.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "grade/record_words.h"

/* The outcome of a case without a test point. */
#define NO_REPORT "no-report"

enum stream_limit {
	STREAM_LINE_BYTES = 64 * 1024,
	STREAM_BLOCK_BYTES = 256 * 1024,
	STREAM_BYTES = 32 * 1024 * 1024,
	STREAM_CASES = 1000,
	STREAM_NAME_BYTES = 200,
	STREAM_CASE_POINTS = 10000,
	STREAM_LABS = 99,
	STREAM_FIELDS = 128,
};

enum case_status {
	CASE_MISSING = 0, /* planned, never reported */
	CASE_PASSED,
	CASE_FAILED,
	CASE_SKIPPED,
};

/* One planned case.  Owns its strings and its details. */
struct reported_case {
	int number; /* of the test point, from 1 */
	enum case_status status;
	bool announced; /* "# case" was read */
	int lab;        /* 0 = the stream did not say */
	int points;
	int earned;  /* of a failed case; less than its points */
	char *id;    /* NULL = the stream did not say */
	char *title; /* NULL = no test point */
	char *skip_reason;
	const char *outcome; /* one of the words of the page, or r33's own; static */
	json_t *details;     /* the YAML block, with `fields` by name; NULL = none */
};

enum stream_event {
	STREAM_STARTED, /* first line */
	STREAM_PLANNED,
	STREAM_CASE, /* stream->current was announced */
	STREAM_FIRST_ENTRY,
	STREAM_REPORTED, /* stream->reported was judged */
	STREAM_COMMENT,  /* any other comment, its text given */
	STREAM_ENDED,    /* "# end status=" */
	STREAM_MALFORMED,
};

struct stream;
typedef void stream_event_function(
        void *context, enum stream_event event, const struct stream *stream, const char *text);

struct stream {
	bool started;   /* the kernel ran */
	bool malformed; /* problem says how */
	bool ended;
	int end_status;
	int version;    /* "# r33 stream V"; 0 = not read yet */
	char *machine;  /* text after "# machine "; NULL = none */
	char *bail_out; /* sentence; NULL = none */
	char *problem;
	bool first_entry;
	struct reported_case *cases;    /* planned of them */
	int planned;                    /* -1 = no plan yet */
	struct reported_case *current;  /* announced, not yet reported */
	struct reported_case *reported; /* the last one that was */

	/* private to stream.c */
	stream_event_function *event;
	void *context;
	json_t *fields; /* names, of the last "# fields"; NULL = none yet */
	long line_number;
	size_t total_bytes;
	char *line;
	size_t line_length;
	enum stream_place { BETWEEN_POINTS, AFTER_POINT, IN_BLOCK } place;
	bool point_ok;
	char *block;
	size_t block_length;
};

/* An empty stream; event may be NULL.  Never NULL. */
struct stream *stream_new(stream_event_function *event, void *context);
void stream_free(struct stream *stream);

/* Take the next bytes. */
void stream_feed(struct stream *stream, const char *bytes, size_t length);

/* The engine is gone: no more bytes will come. */
void stream_finish(struct stream *stream);

/* Has the case this outcome? */
bool case_has_outcome(const struct reported_case *result, enum case_outcome outcome);

/* The word itself in static storage if it is an outcome of a test point, else NULL. */
const char *stream_outcome(const char *word);

/*
 * One YAML block as the page describes it, as a JSON object with the keys in the block's order; or
 * NULL and *problem, a static sentence, when it is anything else.  block.c
 */
json_t *stream_block_parse(const char *block, size_t length, const char **problem);

/* A member of a block, or of a mapping in it; NULL or 0 when there is none.  block.c */
json_t *block_member(const json_t *mapping, enum record_key key);
const char *block_string(const json_t *mapping, enum record_key key);
json_int_t block_integer(const json_t *mapping, enum record_key key);
