/* Packets of GDB's protocol: read from any pieces of bytes, written so that they read the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gdb/packet.h"

static struct gdb_reader reader;

/* Feed the bytes; the last thing of interest, and in *count how many there were. */
static enum gdb_input
feed(const char *bytes, size_t length, int *count)
{
	enum gdb_input last = GDB_INPUT_NOTHING;

	*count = 0;
	for (size_t i = 0; i < length; i++) {
		enum gdb_input input = gdb_reader_take(&reader, (uint8_t)bytes[i]);

		if (input != GDB_INPUT_NOTHING) {
			last = input;
			(*count)++;
		}
	}
	return last;
}

/* A new reader, fed with this. */
static enum gdb_input
feed_text(const char *text)
{
	int count;

	memset(&reader, 0, sizeof(reader));
	return feed(text, strlen(text), &count);
}

/* A packet with the right sum is read, whatever stands before it. */
static void
packets_are_read(void **state)
{
	(void)state;
	assert_int_equal(feed_text("$OK#9a"), GDB_INPUT_PACKET);
	assert_string_equal(reader.text, "OK");
	assert_int_equal(reader.length, 2);
	assert_int_equal(feed_text("+++$#00"), GDB_INPUT_PACKET);
	assert_string_equal(reader.text, "");
	assert_int_equal(feed_text("rubbish$g#67"), GDB_INPUT_PACKET);
	assert_string_equal(reader.text, "g");
	assert_int_equal(feed_text("$g#67"), GDB_INPUT_PACKET);
	assert_int_equal(feed_text("$OK#9A"), GDB_INPUT_PACKET);
}

/* Bytes that are not there yet are waited for: only the last one completes a packet. */
static void
pieces_wait_for_the_rest(void **state)
{
	static const char whole[] = "$m1000,40#be";
	int count;

	(void)state;
	memset(&reader, 0, sizeof(reader));
	for (size_t i = 0; i + 2 < sizeof(whole); i++) {
		assert_int_equal(feed(whole + i, 1, &count), GDB_INPUT_NOTHING);
		assert_int_equal(count, 0);
	}
	assert_int_equal(feed(whole + sizeof(whole) - 2, 1, &count), GDB_INPUT_PACKET);
	assert_string_equal(reader.text, "m1000,40");
}

/* A wrong sum, one that is no number, and a packet that was cut off by the next. */
static void
bad_packets_are_noticed(void **state)
{
	int count;

	(void)state;
	assert_int_equal(feed_text("$OK#9b"), GDB_INPUT_BAD);
	assert_int_equal(feed_text("$OK#x9"), GDB_INPUT_BAD);
	assert_int_equal(feed_text("$OK#9$"), GDB_INPUT_BAD);
	assert_int_equal(feed_text("$OK#aa"), GDB_INPUT_BAD);
	memset(&reader, 0, sizeof(reader));
	assert_int_equal(feed("$m10$g#67", 9, &count), GDB_INPUT_PACKET);
	assert_int_equal(count, 1);
	assert_string_equal(reader.text, "g");
	/* ... and the reader goes on after a bad one. */
	memset(&reader, 0, sizeof(reader));
	assert_int_equal(feed("$OK#9b$OK#9a", 12, &count), GDB_INPUT_PACKET);
	assert_int_equal(count, 2);
}

/* Ctrl-C counts between packets, not inside; '-' asks for the last answer. */
static void
single_bytes_have_a_meaning(void **state)
{
	int count;

	(void)state;
	assert_int_equal(feed_text("\x03"), GDB_INPUT_INTERRUPT);
	assert_int_equal(feed_text("-"), GDB_INPUT_RESEND);
	assert_int_equal(feed_text("+"), GDB_INPUT_NOTHING);
	memset(&reader, 0, sizeof(reader));
	assert_int_equal(feed("$\x03#03", 5, &count), GDB_INPUT_PACKET);
	assert_int_equal(count, 1);
	assert_int_equal(reader.text[0], 3);
	assert_int_equal(feed_text("$-#2d"), GDB_INPUT_PACKET);
}

/* A packet that is longer than we said we take is refused as a whole, and the next one is fine. */
static void
long_packets_are_refused(void **state)
{
	static char bytes[GDB_PACKET_BYTES + 8];
	int count;

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	memset(&reader, 0, sizeof(reader));
	bytes[0] = '$';
	assert_int_equal(feed(bytes, sizeof(bytes), &count), GDB_INPUT_NOTHING);
	assert_int_equal(feed("#00", 3, &count), GDB_INPUT_BAD);
	assert_true(reader.length <= GDB_PACKET_BYTES);
	assert_int_equal(feed("$OK#9a", 6, &count), GDB_INPUT_PACKET);
}

/* Every byte comes through: what is written reads the same, escapes included. */
static void
all_bytes_come_through(void **state)
{
	char text[256], frame[GDB_FRAME_BYTES(256)];
	size_t length;
	int count;

	(void)state;
	for (int i = 0; i < 256; i++)
		text[i] = (char)i;
	length = gdb_frame(frame, text, sizeof(text));
	assert_true(length <= sizeof(frame));
	/* '#', '$', '}' and '*' have a meaning of their own. */
	assert_int_equal(length, 256 + 4 + 4);
	memset(&reader, 0, sizeof(reader));
	assert_int_equal(feed(frame, length, &count), GDB_INPUT_PACKET);
	assert_int_equal(count, 1);
	assert_int_equal(reader.length, sizeof(text));
	assert_memory_equal(reader.text, text, sizeof(text));
}

/* The frame is what the protocol says. */
static void
frames_are_exact(void **state)
{
	char frame[GDB_FRAME_BYTES(8)];

	(void)state;
	assert_int_equal(gdb_frame(frame, "OK", 2), 6);
	assert_memory_equal(frame, "$OK#9a", 6);
	assert_int_equal(gdb_frame(frame, "", 0), 4);
	assert_memory_equal(frame, "$#00", 4);
	assert_int_equal(gdb_frame(frame, "}", 1), 6);
	assert_memory_equal(frame, "$}]#da", 6);
}

/* Digits and bytes. */
static void
digits_are_bytes(void **state)
{
	unsigned char bytes[4] = { 0 };
	char digits[9];

	(void)state;
	gdb_hex(digits, "\x00\x1f\xa0\xff", 4);
	assert_string_equal(digits, "001fa0ff");
	assert_int_equal(gdb_unhex(bytes, sizeof(bytes), "001FA0ff", 8), 4);
	assert_memory_equal(bytes, "\x00\x1f\xa0\xff", 4);
	assert_int_equal(gdb_unhex(bytes, sizeof(bytes), "", 0), 0);
	assert_int_equal(gdb_unhex(bytes, sizeof(bytes), "123", 3), -1);
	assert_int_equal(gdb_unhex(bytes, sizeof(bytes), "1x", 2), -1);
	assert_int_equal(gdb_unhex(bytes, sizeof(bytes), "0011223344", 10), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_read),
		cmocka_unit_test(pieces_wait_for_the_rest),
		cmocka_unit_test(bad_packets_are_noticed),
		cmocka_unit_test(single_bytes_have_a_meaning),
		cmocka_unit_test(long_packets_are_refused),
		cmocka_unit_test(all_bytes_come_through),
		cmocka_unit_test(frames_are_exact),
		cmocka_unit_test(digits_are_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
