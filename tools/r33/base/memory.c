/* Memory or the end of the process: see memory.h. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status.h"

/* Zeroed memory, or the end of the process with a sentence. */
void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);

	if (!memory) {
		fputs("r33: out of memory\n", stderr);
		exit(STATUS_ENGINE_OR_FILE);
	}
	return memory;
}

/* It doubles whenever the count is a power of two. */
void *
grow_array(void *array, size_t count, size_t size)
{
	void *larger;

	if (count != 0 && (count & (count - 1)) != 0)
		return array;
	larger = allocate(count == 0 ? 1 : 2 * count, size);
	if (array)
		memcpy(larger, array, count * size);
	free(array);
	return larger;
}

char *
grow_bytes(char *bytes, size_t used, size_t *room, size_t first)
{
	char *larger;

	*room = *room ? 2 * *room : first;
	larger = allocate(*room, 1);
	if (used)
		memcpy(larger, bytes, used);
	free(bytes);
	return larger;
}

/* A copy of the text; NULL stays NULL. */
char *
copy_string(const char *text)
{
	return text ? copy_bytes(text, strlen(text)) : NULL;
}

char *
copy_bytes(const char *bytes, size_t length)
{
	char *copy = allocate(length + 1, 1);

	memcpy(copy, bytes, length);
	return copy;
}

/* sprintf() into memory of the right size. */
char *
new_string(const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0) {
		fputs("r33: out of memory\n", stderr);
		exit(STATUS_ENGINE_OR_FILE);
	}
	return text;
}
