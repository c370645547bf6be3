/* What is left of a text that is read from its beginning: signs and numbers are taken from it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const char *at, *end;
};

/* A hexadecimal digit's value, or -1. */
int digit_value(char byte);

/* A space, a tab, a carriage return? */
bool is_blank(char byte);

/* How much is left. */
size_t cursor_length(const struct cursor *cursor);

/* Leave blanks out. */
void cursor_skip_blanks(struct cursor *cursor);

/* Take this very character if it is the next one; cursor_sign(): also after blanks. */
bool cursor_take(struct cursor *cursor, char wanted);
bool cursor_sign(struct cursor *cursor, char wanted);

/* Take hexadecimal digits, at least one; false if there is none or they are more than 64 bits. */
bool cursor_hexadecimal(struct cursor *cursor, uint64_t *number);

/*
 * After blanks take a number of at most `largest`: decimal, or hexadecimal after "0x".  False if there is
 * none, or it is larger.
 */
struct cursor_number {
	uint64_t value;
	size_t digits;
	bool hexadecimal;
};
bool cursor_number(struct cursor *cursor, uint64_t largest, struct cursor_number *number);
