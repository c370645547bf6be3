/*
 * Memory functions.  REP MOVSQ and REP STOSQ move eight bytes at a step: in Bochs each step takes
 * an instruction's time.
 */
#include "lib/string.h"

#include <stdint.h>

#define WORD_BYTES 8

void *
memcpy(void *to, const void *from, size_t size)
{
	void *destination = to;
	size_t words = size / WORD_BYTES, rest = size % WORD_BYTES;

	__asm__ volatile("rep movsq" : "+D"(destination), "+S"(from), "+c"(words) : : "memory");
	__asm__ volatile("rep movsb" : "+D"(destination), "+S"(from), "+c"(rest) : : "memory");
	return to;
}

void *
memset(void *to, int value, size_t size)
{
	void *destination = to;
	uint64_t pattern = (uint8_t)value * 0x0101010101010101ull;
	size_t words = size / WORD_BYTES, rest = size % WORD_BYTES;

	__asm__ volatile("rep stosq" : "+D"(destination), "+c"(words) : "a"(pattern) : "memory");
	__asm__ volatile("rep stosb" : "+D"(destination), "+c"(rest) : "a"(pattern) : "memory");
	return to;
}

void *
memmove(void *to, const void *from, size_t size)
{
	char *destination = to;
	const char *source = from;

	if (destination <= source || destination >= source + size)
		return memcpy(to, from, size);
	while (size-- > 0)
		destination[size] = source[size];
	return to;
}

int
memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *x = a, *y = b;

	for (size_t i = 0; i < size; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

size_t
strlen(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

int
strncmp(const char *a, const char *b, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (a[i] != b[i] || !a[i])
			return (unsigned char)a[i] - (unsigned char)b[i];
	return 0;
}

int
strcmp(const char *a, const char *b)
{
	return strncmp(a, b, (size_t)-1);
}
