/* Reading whole files. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The bytes of a file, or of standard input for "-", with a NUL after them.  The caller frees
 * them.  NULL with errno; EFBIG: more than `limit` bytes.
 */
char *read_whole_file(const char *path, size_t limit, size_t *size);

/* Write a file into the work directory.  False after a complaint. */
bool write_file(const char *directory, const char *name, const char *text);
