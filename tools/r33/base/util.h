/* Small helpers without a better home, and what nearly everything here needs: memory, clean text, statuses. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "clean.h"
#include "memory.h"
#include "status.h"

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
