/* Memory or the end of the process with a sentence; formatted strings. */
#pragma once

#include <stddef.h>

/* Zeroed. */
void *allocate(size_t count, size_t size);
char *copy_string(const char *text);
char *copy_bytes(const char *bytes, size_t length);
char *new_string(const char *format, ...) __attribute__((format(printf, 1, 2)));
