/* The line to gdb: bytes become packets, answers become bytes, and what the machine prints waits until gdb
 * takes it. */
#pragma once

#include <stdbool.h>

#include "packet.h"

enum { LINK_READ_BYTES = 4096, LINK_CONSOLE_BYTES = 4096 };

struct gdb_link {
	int in, out;
	bool leaving;      /* gdb is gone, or has said that it will be */
	bool acknowledges; /* each packet, until gdb does not want that */
	struct gdb_reader reader;

	/* private */
	char bytes[LINK_READ_BYTES];
	size_t begin, end;
	char *last; /* packet that was sent */
	size_t last_length;
	char console[LINK_CONSOLE_BYTES]; /* what the machine has printed since gdb was told */
	size_t console_length;
};

/* gdb has waited for the machine, and has sent its first packet again each time it lost patience: only the
 * last is to be answered, for gdb would take the answers to the others as answers to what follows. */
void gdb_link_skip_repeated(struct gdb_link *link);

/* What gdb has sent, up to the first thing of interest: link->reader has it.  *empty: nothing is left. */
enum gdb_input gdb_link_read(struct gdb_link *link, bool *empty);

/* Send a packet. */
void gdb_link_reply(struct gdb_link *link, const char *text);
void gdb_link_send(struct gdb_link *link, const char *text, size_t length);
void gdb_link_resend(struct gdb_link *link);
void gdb_link_acknowledge(struct gdb_link *link, bool good);

/* Text for gdb's user, while a monitor command or the machine runs. */
void gdb_link_print(struct gdb_link *link, const char *text, size_t length);

/* The machine has printed: keep it.  And show it: gdb takes it only while the machine runs. */
void gdb_link_take_console(void *link, const char *bytes, size_t length);
void gdb_link_flush(struct gdb_link *link);

void gdb_link_close(struct gdb_link *link);
