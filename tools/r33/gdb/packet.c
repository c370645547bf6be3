/* Packets of GDB's remote serial protocol: see packet.h. */
#include "packet.h"

#include "base/cursor.h"

static const char digits_of[] = "0123456789abcdef";

enum { INTERRUPT = 3, ESCAPE_BIT = 0x20 };

void
gdb_hex(char *digits, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++) {
		*digits++ = digits_of[at[i] >> 4];
		*digits++ = digits_of[at[i] & 15];
	}
	*digits = '\0';
}

long
gdb_unhex(void *bytes, size_t room, const char *digits, size_t length)
{
	uint8_t *at = bytes;

	if (length % 2 != 0 || length / 2 > room)
		return -1;
	for (size_t i = 0; i < length; i += 2) {
		int high = digit_value(digits[i]);
		int low = digit_value(digits[i + 1]);

		if (high < 0 || low < 0)
			return -1;
		*at++ = (uint8_t)(high << 4 | low);
	}
	return (long)(length / 2);
}

/* Begin a packet. */
static void
begin(struct gdb_reader *reader)
{
	reader->place = GDB_TEXT;
	reader->length = 0;
	reader->sum = 0;
	reader->too_long = 0;
	reader->bad_sum = 0;
}

/* One more byte of text. */
static void
add(struct gdb_reader *reader, uint8_t byte)
{
	if (reader->length < GDB_PACKET_BYTES)
		reader->text[reader->length++] = (char)byte;
	else
		reader->too_long = 1;
}

/* A digit of the sum; after the second the packet is complete. */
static enum gdb_input
take_sum(struct gdb_reader *reader, uint8_t byte)
{
	int digit = digit_value((char)byte);

	if (digit < 0)
		reader->bad_sum = 1;
	reader->sent_sum = (uint8_t)(reader->sent_sum << 4 | (digit & 15));
	if (reader->place == GDB_SUM_HIGH) {
		reader->place = GDB_SUM_LOW;
		return GDB_INPUT_NOTHING;
	}
	reader->place = GDB_BETWEEN;
	reader->text[reader->length] = '\0';
	if (reader->bad_sum || reader->too_long || reader->sum != reader->sent_sum)
		return GDB_INPUT_BAD;
	return GDB_INPUT_PACKET;
}

/* A byte of a packet's text. */
static void
take_text(struct gdb_reader *reader, uint8_t byte)
{
	if (byte == '#') {
		reader->place = GDB_SUM_HIGH;
		reader->sent_sum = 0;
		return;
	}
	if (byte == '$') { /* the packet before was cut off */
		begin(reader);
		return;
	}
	reader->sum = (uint8_t)(reader->sum + byte);
	if (reader->place == GDB_ESCAPED) {
		add(reader, byte ^ ESCAPE_BIT);
		reader->place = GDB_TEXT;
	} else if (byte == '}') {
		reader->place = GDB_ESCAPED;
	} else {
		add(reader, byte);
	}
}

enum gdb_input
gdb_reader_take(struct gdb_reader *reader, uint8_t byte)
{
	switch (reader->place) {
	case GDB_TEXT:
	case GDB_ESCAPED: take_text(reader, byte); return GDB_INPUT_NOTHING;
	case GDB_SUM_HIGH:
	case GDB_SUM_LOW: return take_sum(reader, byte);
	default: break;
	}
	if (byte == '$')
		begin(reader);
	else if (byte == INTERRUPT)
		return GDB_INPUT_INTERRUPT;
	else if (byte == '-')
		return GDB_INPUT_RESEND;
	return GDB_INPUT_NOTHING;
}

size_t
gdb_frame(char *frame, const char *text, size_t length)
{
	char *at = frame;
	uint8_t sum = 0;

	*at++ = '$';
	for (size_t i = 0; i < length; i++) {
		char byte = text[i];

		if (byte == '#' || byte == '$' || byte == '}' || byte == '*') {
			*at++ = '}';
			sum += '}';
			byte ^= ESCAPE_BIT;
		}
		*at++ = byte;
		sum = (uint8_t)(sum + (uint8_t)byte);
	}
	*at++ = '#';
	*at++ = digits_of[sum >> 4];
	*at++ = digits_of[sum & 15];
	return (size_t)(at - frame);
}
