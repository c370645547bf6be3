/* Small helpers without a better home: see util.h. */
#include "util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>

/* "r33: " and the sentence on stderr, safe for a terminal whatever the sentence quotes. */
void
complain(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0) {
		fputs("r33: ", stderr);
		write_clean(stderr, text, 0);
		fputc('\n', stderr);
		free(text);
	}
	va_end(arguments);
}

int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
now_ms(void)
{
	return now_us() / 1000;
}

/* The whole text must be a decimal number in low..high: no sign, no space, nothing after it. */
bool
parse_number(const char *text, long low, long high, long *number)
{
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 18)
		return false;
	errno = 0;
	*number = strtol(text, &end, 10);
	return errno == 0 && *end == '\0' && *number >= low && *number <= high;
}

const char *
object_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t
file_size(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return -1;
	return status.st_size;
}

/* Write all, or know that there is no reader. */
bool
write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
	return true;
}

/* What is buffered may fail to be written only now. */
bool
flush_output(void)
{
	if (fflush(stdout) == 0)
		return true;
	complain("cannot write: %s", strerror(errno));
	return false;
}

/* Append; the oldest bytes fall out. */
void
tail_add(struct tail *tail, const char *bytes, size_t length)
{
	size_t excess;

	if (length > TAIL_BYTES) {
		bytes += length - TAIL_BYTES;
		length = TAIL_BYTES;
		tail->length = 0;
		tail->truncated = true;
	}
	if (tail->length + length > TAIL_BYTES) {
		excess = tail->length + length - TAIL_BYTES;
		memmove(tail->bytes, tail->bytes + excess, tail->length - excess);
		tail->length -= excess;
		tail->truncated = true;
	}
	for (size_t i = 0; i < length; i++)
		tail->bytes[tail->length + i] = bytes[i] ? bytes[i] : ' ';
	tail->length += length;
	tail->bytes[tail->length] = '\0';
}

/* A take_function. */
void
tail_take(void *tail, const char *bytes, size_t length)
{
	tail_add(tail, bytes, length);
}

char *
tail_lines(const struct tail *tail, int lines)
{
	size_t end = tail->length;
	size_t start;

	while (end > 0 && (tail->bytes[end - 1] == '\n' || tail->bytes[end - 1] == '\r'))
		end--;
	for (start = end; start > 0; start--) {
		if (tail->bytes[start - 1] == '\n' && --lines == 0)
			break;
	}
	return copy_bytes(tail->bytes + start, end - start);
}
