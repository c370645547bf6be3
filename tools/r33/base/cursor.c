/* A text that is read from its beginning: see cursor.h. */
#include "cursor.h"

int
digit_value(char byte)
{
	return byte >= '0' && byte <= '9'   ? byte - '0'
	       : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
	       : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
	                                    : -1;
}

bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

size_t
cursor_length(const struct cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

void
cursor_skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && is_blank(*cursor->at))
		cursor->at++;
}

bool
cursor_take(struct cursor *cursor, char wanted)
{
	if (cursor->at == cursor->end || *cursor->at != wanted)
		return false;
	cursor->at++;
	return true;
}

bool
cursor_sign(struct cursor *cursor, char wanted)
{
	cursor_skip_blanks(cursor);
	return cursor_take(cursor, wanted);
}

bool
cursor_hexadecimal(struct cursor *cursor, uint64_t *number)
{
	const char *begin = cursor->at;

	*number = 0;
	while (cursor->at < cursor->end && digit_value(*cursor->at) >= 0) {
		if (*number >> 60)
			return false;
		*number = *number << 4 | (uint64_t)digit_value(*cursor->at++);
	}
	return cursor->at > begin;
}

bool
cursor_number(struct cursor *cursor, uint64_t largest, struct cursor_number *number)
{
	uint64_t base = 10;

	cursor_skip_blanks(cursor);
	*number = (struct cursor_number){ 0 };
	if (cursor_length(cursor) > 2 && cursor->at[0] == '0' && (cursor->at[1] | 0x20) == 'x') {
		base = 16;
		number->hexadecimal = true;
		cursor->at += 2;
	}
	for (; cursor->at < cursor->end; cursor->at++, number->digits++) {
		int digit = digit_value(*cursor->at);

		if (digit < 0 || (uint64_t)digit >= base)
			break;
		if ((uint64_t)digit > largest || number->value > (largest - (uint64_t)digit) / base)
			return false;
		number->value = number->value * base + (uint64_t)digit;
	}
	return number->digits > 0;
}
