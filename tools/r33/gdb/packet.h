/*
 * Packets of GDB's remote serial protocol: "$text#sum".  Bytes in, packets out, and the reverse;
 * no file, no clock, nothing kept but the packet that is being read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { GDB_PACKET_BYTES = 0x4000 }; /* of text; qSupported tells gdb */

enum gdb_input {
	GDB_INPUT_NOTHING,   /* yet */
	GDB_INPUT_PACKET,    /* reader->text, reader->length */
	GDB_INPUT_BAD,       /* a packet with a wrong sum, or one that is too long */
	GDB_INPUT_INTERRUPT, /* Ctrl-C: byte 3 outside of packets */
	GDB_INPUT_RESEND,    /* gdb did not get our last packet */
};

struct gdb_reader {
	char text[GDB_PACKET_BYTES + 1]; /* without escapes; terminated when it is complete */
	size_t length;
	enum { GDB_BETWEEN, GDB_TEXT, GDB_ESCAPED, GDB_SUM_HIGH, GDB_SUM_LOW } place;
	uint8_t sum;      /* of what was read */
	uint8_t sent_sum; /* of what gdb sent */
	int too_long;
	int bad_sum;
};

/* Take the next byte.  A reader that is all zero is ready for the first. */
enum gdb_input gdb_reader_take(struct gdb_reader *reader, uint8_t byte);

/* How many bytes gdb_frame() may need for so much text. */
#define GDB_FRAME_BYTES(length) (2 * (size_t)(length) + 4)

/* Write the text as a packet, escaped where necessary, into a buffer of GDB_FRAME_BYTES(length).  Its
 * length. */
size_t gdb_frame(char *frame, const char *text, size_t length);

/* Bytes to twice as many hexadecimal digits and a zero; back, as many bytes as there is room for, -1 when
 * something else than pairs of digits is there. */
void gdb_hex(char *digits, const void *bytes, size_t length);
long gdb_unhex(void *bytes, size_t room, const char *digits, size_t length);
