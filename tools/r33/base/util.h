/* Small helpers without a better home: memory that is always there, formatted strings, time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <jansson.h>

/* Exit statuses; other people's scripts know them. */
enum exit_status {
	STATUS_ALL_POINTS = 0,
	STATUS_POINTS_LOST = 1,
	STATUS_USAGE = 2,
	STATUS_ENGINE_OR_FILE = 3,
};

/* Memory or the end of the process with a sentence; zeroed. */
void *allocate(size_t count, size_t size);
char *copy_string(const char *text);
char *copy_bytes(const char *bytes, size_t length);
char *new_string(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "r33: " and the sentence on stderr. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Milliseconds of a clock that only goes forward. */
int64_t now_ms(void);
int64_t now_us(void);

/* The whole of a decimal number in low..high, nothing else; false otherwise. */
bool parse_number(const char *text, long low, long high, long *number);

/* A string of an object, or NULL. */
const char *object_string(const json_t *object, const char *key);

/* A regular file's size or -1. */
int64_t file_size(const char *path);

/* Write all bytes.  False: the other end is gone. */
bool write_all(int fd, const char *bytes, size_t length);

/* Have what was printed on standard output written.  False after a complaint. */
bool flush_output(void);

/* Keeps the last bytes of an endless text. */
enum { TAIL_BYTES = 4096 };
struct tail {
	char bytes[TAIL_BYTES + 1]; /* always terminated */
	size_t length;
	bool truncated;
};
void tail_add(struct tail *tail, const char *bytes, size_t length);
void tail_take(void *tail, const char *bytes, size_t length); /* the same, for a child's output */

/* The last `lines` lines of what was kept, without the newline at the end.  The caller frees it. */
char *tail_lines(const struct tail *tail, int lines);

/*
 * Text of foreign origin: from a lab, a console, a compiler, debug information, a directory.  clean.c
 *
 * For terminals, XML and HTML: control characters, C1 codes, direction marks, code points that no text
 * may contain and bytes that are not UTF-8 appear as \xNN or \u{NNNN}; lines after the first are
 * indented by `indent`.  No newline is added.
 */
void write_clean(FILE *out, const char *text, int indent);
void write_clean_bytes(FILE *out, const char *text, size_t length, int indent);

/* The same text as a string. */
char *clean_string(const char *text);

/*
 * For JSON, whose escapes make control characters harmless: only what is not text at all appears as
 * \xNN or \u{NNNN}.
 */
char *valid_string(const char *text);

/* The same, at most `most` bytes of it; "..." at the end says that there was more. */
char *cut_string(const char *text, size_t most);

/* Names that others chose: functions, files, cases. */
enum { NAME_BYTES = 200 };

/* Write JSON in ASCII without a control character, with flags of jansson's.  False when it failed. */
bool write_json(FILE *out, const json_t *json, size_t flags);

/* A JSON string of any text, and one of a name, cut to NAME_BYTES; null for NULL.  Never NULL. */
json_t *text_json(const char *text);
json_t *name_json(const char *name);
