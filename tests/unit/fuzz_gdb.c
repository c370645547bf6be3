/*
 * Fuzzing what r33 gdb reads: gdb's packets, Bochs' and QEMU's answers.  Beyond what the sanitizers see: a
 * packet that was read and is written again reads the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gdb/answer.h"
#include "gdb/command.h"
#include "gdb/packet.h"
#include "gdb/qemu_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static struct gdb_reader reader, again;

/* Abort unless what was read survives being written. */
static void
write_and_read(void)
{
	static char frame[GDB_FRAME_BYTES(GDB_PACKET_BYTES)];
	size_t length = gdb_frame(frame, reader.text, reader.length);
	enum gdb_input input = GDB_INPUT_NOTHING;

	memset(&again, 0, sizeof(again));
	for (size_t i = 0; i < length; i++)
		input = gdb_reader_take(&again, (uint8_t)frame[i]);
	if (input != GDB_INPUT_PACKET || again.length != reader.length ||
	        memcmp(again.text, reader.text, reader.length) != 0)
		abort();
}

/* gdb's side: the packets in the bytes, and the bytes as a packet's text. */
static void
as_packets(const uint8_t *bytes, size_t length)
{
	static uint8_t memory[GDB_PACKET_BYTES];
	struct gdb_command command;
	char *text = malloc(length + 1);

	if (!text)
		return;
	memset(&reader, 0, sizeof(reader));
	for (size_t i = 0; i < length; i++) {
		if (gdb_reader_take(&reader, bytes[i]) != GDB_INPUT_PACKET)
			continue;
		write_and_read();
		gdb_command_parse(&command, reader.text, reader.length);
	}
	memcpy(text, bytes, length);
	text[length] = '\0';
	gdb_command_parse(&command, text, length);
	if (command.data)
		gdb_unhex(memory, sizeof(memory), command.data, command.data_length);
	free(text);
}

/* The engine's side: the bytes as the answer to anything. */
static void
as_answer(const uint8_t *bytes, size_t length)
{
	uint8_t memory[64];
	char *text = malloc(length + 1);
	struct cpu cpu;
	struct stop stop;
	uint64_t value;

	if (!text)
		return;
	memcpy(text, bytes, length);
	text[length] = '\0';
	answer_registers(text, &cpu);
	answer_segments(text, &cpu);
	answer_control_registers(text, &cpu);
	answer_translation(text, 0, &value);
	answer_parameter(text, &value);
	answer_stop(text, &stop);
	qemu_registers(text, &cpu);
	qemu_stop(text, &stop);
	if (answer_memory(text, memory, sizeof(memory)) > sizeof(memory))
		abort();
	free(text);
}

/* One input. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	as_packets(bytes, length);
	as_answer(bytes, length);
	return 0;
}
