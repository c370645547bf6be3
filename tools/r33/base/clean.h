/*
 * Text of foreign origin: from a lab, a console, a compiler, debug information, a directory.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
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
