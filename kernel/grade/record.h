/*
 * The record stream: TAP 14 with YAML diagnostics on COM2.  docs/record-stream.md is its contract
 * with the host tool.
 *
 * Only this file and grade/result.c write there.  Text that comes from a lab goes through record_string(), which
 * escapes everything that is not plain: it cannot look like a result.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dev/power.h"
#include "grade/record_words.h"

/* The version line, before anything that can fail. */
void record_begin(void);

/* One line, formatted; the newline is added. */
void record_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Text without a newline: a piece of a line that record_line() ends. */
void record_piece(const char *text);

/* "# alive", if nothing like it was written in the last 10 s of the machine's time: where a case takes long, and
 * outside of a test point. */
void record_alive(void);

/* "# first-entry", once. */
void record_first_entry(void);

/* The keys of a block, indented as the table in grade/record_words.h nests them.  A mapping or a sequence is
 * opened and then followed by its keys; the strings are quoted and escaped. */
void record_open(enum record_key key);
void record_string(enum record_key key, const char *bytes, size_t size);
void record_text(enum record_key key, const char *text);
void record_hex(enum record_key key, uint64_t value);
void record_number(enum record_key key, uint64_t value);
void record_boolean(enum record_key key, bool value);

/* A plain word, which is not a lab's. */
void record_word(enum record_key key, const char *word);

/* Bail out! SENTENCE, then the end line.  The caller switches off. */
void record_bail_out(enum end_status status, const char *sentence);
void record_end(enum end_status status);
