/* QEMU's server for gdb as a function: see qemu_server.h. */
#include "qemu_server.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine_socket.h"

enum {
	ASK_WAIT_MS = 60000,
	INTERRUPT_AGAIN_MS = 200,
	MOST_PACKET_BYTES = 2 * QEMU_MEMORY_AT_ONCE + 64
};

static const char interrupt_byte = 3;

bool
qemu_server_start(struct qemu_server *server, struct machine *machine)
{
	char *messages;

	*server = (struct qemu_server){ .machine = machine, .fd = -1 };
	server->said = allocate(QEMU_SAID_BYTES, 1);
	machine->debugged = true;
	signal(SIGPIPE, SIG_IGN);
	if (!engine_start(machine, &server->child))
		return false;
	server->fd = engine_connect(machine, &server->child);
	if (server->fd < 0) {
		if (!process_interrupted()) {
			machine->engine->post_mortem(machine);
			messages = tail_lines(&machine->end.messages, 5);
			complain("cannot connect to QEMU:\n%s", messages);
			free(messages);
		}
		return false;
	}
	/* It writes single registers only for a client that has read its description. */
	return qemu_server_ask(server, "qSupported:xmlRegisters=i386") &&
	       qemu_server_ask(server, "qXfer:features:read:target.xml:0,100");
}

void
qemu_server_end(struct qemu_server *server)
{
	if (server->child.pid > 0) {
		process_end(&server->child);
		server->machine->end.wait_status = server->child.wait_status;
	}
	if (server->machine)
		process_close(&server->machine->wait);
	if (server->fd >= 0)
		close(server->fd);
	server->fd = -1;
	free(server->said);
	server->said = NULL;
}

/* Send a packet.  If QEMU is gone, its answers end as well. */
static void
send_packet(struct qemu_server *server, const char *text)
{
	size_t length = strlen(text);
	char *frame = allocate(GDB_FRAME_BYTES(length), 1);

	write_all(server->fd, frame, gdb_frame(frame, text, length));
	free(frame);
}

/* Read some bytes.  False: there will be no more. */
static bool
read_some(struct qemu_server *server)
{
	ssize_t length = read(server->fd, server->bytes, sizeof(server->bytes));

	if (length <= 0)
		return length < 0 && errno == EINTR;
	server->begin = 0;
	server->end = (size_t)length;
	return true;
}

/* Is a packet complete in what has been read?  What the monitor prints, "O" and digits, is kept. */
static bool
take_packet(struct qemu_server *server)
{
	while (server->begin < server->end) {
		const struct gdb_reader *reader = &server->reader;
		long length;

		if (gdb_reader_take(&server->reader, (uint8_t)server->bytes[server->begin++]) !=
		        GDB_INPUT_PACKET)
			continue;
		write_all(server->fd, "+", 1);
		if (reader->text[0] != 'O' || strcmp(reader->text, "OK") == 0)
			return true;
		length = gdb_unhex(server->said + server->said_length,
		        QEMU_SAID_BYTES - 1 - server->said_length, reader->text + 1,
		        reader->length - 1);
		server->said_length += length > 0 ? (size_t)length : 0;
		server->said[server->said_length] = '\0';
	}
	return false;
}

/* Wait for the next packet. */
static enum debugger_wait
wait_for_packet(struct qemu_server *server, int other, int timeout_ms)
{
	int64_t deadline_ms = now_ms() + timeout_ms;

	while (!take_packet(server)) {
		struct pollfd files[] = { { server->fd, POLLIN, 0 }, { other, POLLIN, 0 } };
		int64_t left_ms = timeout_ms < 0 ? 1000 : deadline_ms - now_ms();

		if (left_ms < 0)
			return DEBUGGER_TIMED_OUT;
		process_poll(&server->machine->wait, files, 2, (int)left_ms);
		if (files[0].revents) {
			if (!read_some(server))
				return DEBUGGER_GONE;
		} else if (files[1].revents) {
			return DEBUGGER_OTHER;
		} else if (process_interrupted()) {
			return DEBUGGER_ENDING;
		}
	}
	return DEBUGGER_ANSWERED;
}

const char *
qemu_server_ask(struct qemu_server *server, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0 || server->fd < 0)
		return NULL;
	server->said_length = 0;
	server->said[0] = '\0';
	send_packet(server, text);
	free(text);
	server->gone = wait_for_packet(server, -1, ASK_WAIT_MS) != DEBUGGER_ANSWERED;
	return server->gone ? NULL : server->reader.text;
}

const char *
qemu_server_monitor(struct qemu_server *server, const char *command)
{
	char digits[128];

	gdb_hex(digits, command, strlen(command));
	return qemu_server_ask(server, "qRcmd,%s", digits) ? server->said : NULL;
}

void
qemu_server_resume(struct qemu_server *server, bool step)
{
	server->running = true;
	server->interrupted_ms = 0;
	send_packet(server, step ? "s" : "c");
}

/* The stop reply, or the engine's end ("W", "X"). */
enum debugger_wait
qemu_server_wait(struct qemu_server *server, int other, int timeout_ms)
{
	while (server->running) {
		enum debugger_wait wait = wait_for_packet(server, other, timeout_ms);
		char kind = server->reader.text[0];

		if (wait != DEBUGGER_ANSWERED)
			return wait;
		if (kind == 'W' || kind == 'X')
			return DEBUGGER_GONE;
		server->running = kind != 'T' && kind != 'S';
	}
	return DEBUGGER_ANSWERED;
}

void
qemu_server_interrupt(struct qemu_server *server)
{
	int64_t now = now_ms();

	server->interrupted = true;
	if (!server->running || now < server->interrupted_ms + INTERRUPT_AGAIN_MS)
		return;
	write_all(server->fd, &interrupt_byte, 1);
	server->interrupted_ms = now;
}

/* Let memory be by physical address, or by linear. */
static bool
choose_addresses(struct qemu_server *server, bool physical)
{
	const char *answer;

	if (server->by_physical == physical)
		return true;
	answer = qemu_server_ask(server, "Qqemu.PhyMemMode:%d", physical);
	if (!answer || strcmp(answer, "OK") != 0)
		return false;
	server->by_physical = physical;
	return true;
}

size_t
qemu_server_read(
        struct qemu_server *server, bool physical, uint64_t address, uint8_t *bytes, size_t length)
{
	size_t done = 0;

	if (!choose_addresses(server, physical))
		return 0;
	while (done < length) {
		/* A piece of which a byte is missing is refused as a whole. */
		size_t in_unit = QEMU_MEMORY_AT_ONCE - (address + done) % QEMU_MEMORY_AT_ONCE;
		size_t piece = length - done < in_unit ? length - done : in_unit;
		const char *answer =
		        qemu_server_ask(server, "m%" PRIx64 ",%zx", address + done, piece);

		if (!answer || gdb_unhex(bytes + done, piece, answer, server->reader.length) !=
		                       (long)piece)
			break;
		done += piece;
	}
	return done;
}

bool
qemu_server_write(
        struct qemu_server *server, uint64_t physical, const uint8_t *bytes, size_t length)
{
	char digits[2 * QEMU_MEMORY_AT_ONCE + 1];

	if (!choose_addresses(server, true))
		return false;
	while (length > 0) {
		size_t piece = length < QEMU_MEMORY_AT_ONCE ? length : QEMU_MEMORY_AT_ONCE;
		const char *answer;

		gdb_hex(digits, bytes, piece);
		answer = qemu_server_ask(server, "M%" PRIx64 ",%zx:%s", physical, piece, digits);
		if (!answer || strcmp(answer, "OK") != 0)
			return false;
		physical += piece;
		bytes += piece;
		length -= piece;
	}
	return true;
}

bool
qemu_server_has_breakpoint(const struct qemu_server *server, uint64_t address)
{
	for (int i = 0; i < server->breakpoint_count; i++) {
		if (server->breakpoints[i] == address)
			return true;
	}
	return false;
}

bool
qemu_server_set_breakpoint(struct qemu_server *server, uint64_t address)
{
	bool is_there = qemu_server_has_breakpoint(server, address);
	const char *answer;

	if (server->breakpoint_count == QEMU_BREAKPOINTS_MAX)
		return false;
	if (!is_there) {
		answer = qemu_server_ask(server, "Z1,%" PRIx64 ",1", address);
		if (!answer || strcmp(answer, "OK") != 0)
			return false;
	}
	server->breakpoints[server->breakpoint_count++] = address;
	return true;
}

/* Two may be at one address: ours and gdb's. */
void
qemu_server_clear_breakpoint(struct qemu_server *server, uint64_t address)
{
	for (int i = 0; i < server->breakpoint_count; i++) {
		if (server->breakpoints[i] == address) {
			server->breakpoints[i] = server->breakpoints[--server->breakpoint_count];
			break;
		}
	}
	if (!qemu_server_has_breakpoint(server, address))
		qemu_server_ask(server, "z1,%" PRIx64 ",1", address);
}
