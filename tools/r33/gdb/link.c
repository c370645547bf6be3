/* The line to gdb: see link.h. */
#include "link.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"

enum { PRINT_BYTES = 2048 };

/* Write all, or know that gdb is gone. */
static void
write_to_gdb(struct gdb_link *link, const char *bytes, size_t length)
{
	if (!link->leaving && !write_all(link->out, bytes, length))
		link->leaving = true;
}

void
gdb_link_send(struct gdb_link *link, const char *text, size_t length)
{
	free(link->last);
	link->last = allocate(GDB_FRAME_BYTES(length), 1);
	link->last_length = gdb_frame(link->last, text, length);
	write_to_gdb(link, link->last, link->last_length);
}

void
gdb_link_reply(struct gdb_link *link, const char *text)
{
	gdb_link_send(link, text, strlen(text));
}

void
gdb_link_print(struct gdb_link *link, const char *text, size_t length)
{
	char packet[2 * PRINT_BYTES + 2] = "O";

	while (length > 0) {
		size_t piece = length < PRINT_BYTES ? length : PRINT_BYTES;

		gdb_hex(packet + 1, text, piece);
		gdb_link_reply(link, packet);
		text += piece;
		length -= piece;
	}
}

void
gdb_link_flush(struct gdb_link *link)
{
	size_t length = link->console_length;

	link->console_length = 0;
	gdb_link_print(link, link->console, length);
}

/* The machine has printed: keep it, without what a terminal would obey. */
void
gdb_link_take_console(void *context, const char *bytes, size_t length)
{
	struct gdb_link *link = context;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (link->console_length == sizeof(link->console))
			return;
		if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7f))
			link->console[link->console_length++] = (char)byte;
		else if (byte != '\r')
			link->console[link->console_length++] = '?';
	}
}

/* Is there something to read from gdb? */
static bool
is_readable(const struct gdb_link *link)
{
	struct pollfd file = { link->in, POLLIN, 0 };

	return poll(&file, 1, 0) > 0;
}

void
gdb_link_skip_repeated(struct gdb_link *link)
{
	while (link->end < sizeof(link->bytes) && is_readable(link)) {
		ssize_t length =
		        read(link->in, link->bytes + link->end, sizeof(link->bytes) - link->end);

		if (length <= 0)
			break;
		link->end += (size_t)length;
	}
	for (size_t i = link->begin; i < link->end; i++) {
		if (link->bytes[i] == '$')
			link->begin = i;
	}
}

enum gdb_input
gdb_link_read(struct gdb_link *link, bool *empty)
{
	*empty = false;
	for (;;) {
		if (link->begin == link->end) {
			ssize_t length;

			*empty = true;
			if (!is_readable(link))
				return GDB_INPUT_NOTHING;
			length = read(link->in, link->bytes, sizeof(link->bytes));
			if (length <= 0) {
				link->leaving = length == 0 || errno != EINTR;
				return GDB_INPUT_NOTHING;
			}
			link->begin = 0;
			link->end = (size_t)length;
			*empty = false;
		}
		while (link->begin < link->end) {
			enum gdb_input input =
			        gdb_reader_take(&link->reader, (uint8_t)link->bytes[link->begin++]);

			if (input != GDB_INPUT_NOTHING)
				return input;
		}
	}
}

/* gdb did not get the last packet. */
void
gdb_link_resend(struct gdb_link *link)
{
	if (link->last)
		write_to_gdb(link, link->last, link->last_length);
}

/* The packet has come, or it has not. */
void
gdb_link_acknowledge(struct gdb_link *link, bool good)
{
	if (link->acknowledges)
		write_to_gdb(link, good ? "+" : "-", 1);
}

/* The connection is closed. */
void
gdb_link_close(struct gdb_link *link)
{
	free(link->last);
	link->last = NULL;
}
