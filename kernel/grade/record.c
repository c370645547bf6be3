/* The record stream. */
#include "grade/record.h"

#include <stdarg.h>

#include "cpu/x86.h"
#include "dev/serial.h"
#include "dev/timer.h"
#include "lib/format.h"
#include "lib/string.h"

#define ALIVE_SECONDS 10

static void
record_sink(void *context, const char *bytes, size_t size)
{
	(void)context;
	serial_write(SERIAL_RECORDS, bytes, size);
}

static void
put(const char *text)
{
	serial_write(SERIAL_RECORDS, text, strlen(text));
}

static void
put_key(enum record_key key)
{
	enum record_key parent = record_keys[key].parent;
	bool in_sequence = record_keys[parent].kind == RECORD_SEQUENCE;

	put(parent == KEY_BLOCK ? "  " : "    ");
	if (in_sequence)
		put(key == parent + 1 ? "- " : "  ");
	put(record_keys[key].word);
	put(":");
}

void
record_line(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_va(record_sink, NULL, format, arguments);
	va_end(arguments);
	put("\n");
}

void
record_piece(const char *text)
{
	put(text);
}

void
record_begin(void)
{
	put("TAP version 14\n# r33 stream 1\n");
}

void
record_alive(void)
{
	static uint64_t due;
	uint64_t now = read_time_stamp_counter();

	if (due && now >= due)
		put("# alive\n");
	if (now >= due)
		due = now + ALIVE_SECONDS * TIMER_HZ * timer_tsc_per_tick();
}

void
record_first_entry(void)
{
	static bool done;

	if (!done)
		put("# first-entry\n");
	done = true;
}

void
record_open(enum record_key key)
{
	put_key(key);
	put("\n");
}

void
record_word(enum record_key key, const char *word)
{
	put_key(key);
	put(" ");
	put(word);
	put("\n");
}

void
record_boolean(enum record_key key, bool value)
{
	record_word(key, value ? "true" : "false");
}

void
record_string(enum record_key key, const char *bytes, size_t size)
{
	char escape[8];

	put_key(key);
	put(" \"");
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\n')
			put("\\n");
		else if (c == '"' || c == '\\')
			format_string(escape, sizeof(escape), "\\%c", c), put(escape);
		else if (c < 0x20 || c > 0x7e)
			format_string(escape, sizeof(escape), "\\x%02x", c), put(escape);
		else
			serial_write(SERIAL_RECORDS, &bytes[i], 1);
	}
	put("\"\n");
}

void
record_text(enum record_key key, const char *text)
{
	record_string(key, text, strlen(text));
}

void
record_hex(enum record_key key, uint64_t value)
{
	char text[24];

	format_string(text, sizeof(text), "%#lx", value);
	record_text(key, text);
}

void
record_number(enum record_key key, uint64_t value)
{
	char text[24];

	format_string(text, sizeof(text), "%lu", value);
	record_word(key, text);
}

void
record_end(enum end_status status)
{
	/* The host may switch off as soon as it has read this line: let the console finish first. */
	serial_drain();
	record_line("# end status=%d", status);
}

void
record_bail_out(enum end_status status, const char *sentence)
{
	record_line("Bail out! %s", sentence);
	record_end(status);
}
