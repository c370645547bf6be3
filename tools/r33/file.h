/* Reading whole files. */
#pragma once

#include <stddef.h>

/*
 * The bytes of a file, or of standard input for "-", with a NUL behind them.  The caller frees
 * them.  NULL with errno; EFBIG: more than `limit` bytes.
 */
char *read_whole_file(const char *path, size_t limit, size_t *size);
