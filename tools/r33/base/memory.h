/* Memory or the end of the process with a sentence; formatted strings. */
#pragma once

#include <stddef.h>

/* Zeroed. */
void *allocate(size_t count, size_t size);

/* Room for one more in an array of `count` that grew here, or NULL for 0 elements; what is new is zeroed. */
void *grow_array(void *array, size_t count, size_t size);

/* Memory of twice the size with the same bytes; the old is freed.  `first` bytes if there was none. */
char *grow_bytes(char *bytes, size_t used, size_t *room, size_t first);

/* Copies: of a text (NULL stays NULL), of bytes with a zero after them; and sprintf() into memory of its size. */
char *copy_string(const char *text);
char *copy_bytes(const char *bytes, size_t length);
char *new_string(const char *format, ...) __attribute__((format(printf, 1, 2)));
