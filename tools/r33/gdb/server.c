/* The server for gdb: see server.h. */
#include "server.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "registers.h"

enum { IDLE_POLL_MS = 1000, MEMORY_BYTES = 4096 };
enum { SIGNAL_INTERRUPT = 2, SIGNAL_TRAP = 5, SIGNAL_SEGMENT = 11 };

static const char error_reply[] = "E01";

/* gdb has sent something while the machine runs: it can interrupt, or leave. */
static enum heard
hear(void *context)
{
	struct server *server = context;
	bool empty = false;

	gdb_link_flush(&server->link);
	while (!empty) {
		enum gdb_input input = gdb_link_read(&server->link, &empty);

		if (input == GDB_INPUT_INTERRUPT)
			return HEARD_INTERRUPT;
		if (input == GDB_INPUT_PACKET && server->link.reader.text[0] == 'k')
			server->link.leaving = true;
		if (server->link.leaving)
			return HEARD_LEAVE;
	}
	return HEARD_NOTHING;
}

/* How the engine ended, as an exit code; and a sentence for the user if that was not the kernel's way. */
static void
reply_gone(struct server *server)
{
	struct machine *machine = &server->session->machine;
	struct stream *stream = machine->stream;
	struct debuggee *debuggee = &server->run.debuggee;
	struct child *child = debuggee->debugger->child(debuggee);
	const char *engine = debuggee->debugger->engine;
	char packet[8];
	char *text = NULL;
	int status;

	process_end(child);
	process_poll(&machine->wait, NULL, 0, 0);
	gdb_link_flush(&server->link);
	status = child->wait_status;
	if (stream->ended || stream->bail_out) {
		if (stream->bail_out)
			text = new_string("r33: %s\n", stream->bail_out);
		else
			text = copy_string("r33: the kernel has ended the run\n");
	} else if (WIFSIGNALED(status)) {
		text = new_string("r33: %s was killed by signal %d: the session is over\n", engine,
		        WTERMSIG(status));
	} else {
		text = new_string("r33: %s has ended with status %d before the kernel did: the "
		                  "session is over\n",
		        engine, WEXITSTATUS(status));
	}
	gdb_link_print(&server->link, text, strlen(text));
	server->lost = true;
	snprintf(packet, sizeof(packet), "W%02x", stream->ended ? stream->end_status & 0xff : 1);
	snprintf(server->stopped, sizeof(server->stopped), "%s", packet);
	gdb_link_reply(&server->link, packet);
	free(text);
}

/* Tell why the machine stopped, and the registers gdb always wants. */
static void
reply_stop(struct server *server, enum halt halt)
{
	struct run *run = &server->run;
	char packet[256], reason[64] = "";
	char rbp[GDB_REGISTER_DIGITS], rsp[GDB_REGISTER_DIGITS], rip[GDB_REGISTER_DIGITS];
	int signal = halt == HALT_INTERRUPTED ? SIGNAL_INTERRUPT
	             : halt == HALT_SHUT_DOWN ? SIGNAL_SEGMENT
	                                      : SIGNAL_TRAP;

	gdb_link_flush(&server->link);
	if (halt == HALT_BREAKPOINT)
		snprintf(reason, sizeof(reason), "hwbreak:;");
	else if (halt == HALT_WATCHPOINT)
		snprintf(reason, sizeof(reason), "%s:%" PRIx64 ";",
		        run->watched.type == GDB_WATCH_READ     ? "rwatch"
		        : run->watched.type == GDB_WATCH_ACCESS ? "awatch"
		                                                : "watch",
		        run->watched.address);
	gdb_register_digits(&run->debuggee, GDB_RBP, rbp);
	gdb_register_digits(&run->debuggee, GDB_RSP, rsp);
	gdb_register_digits(&run->debuggee, GDB_RIP, rip);
	snprintf(packet, sizeof(packet), "T%02x%02x:%s;%02x:%s;%02x:%s;thread:1;%s", signal,
	        GDB_RBP, rbp, GDB_RSP, rsp, GDB_RIP, rip, reason);
	snprintf(server->stopped, sizeof(server->stopped), "T%02xthread:1;", signal);
	gdb_link_reply(&server->link, packet);
}

/* gdb says nothing when one of many places of a breakpoint is refused. */
static void
tell_refused(struct server *server)
{
	const struct debugger *debugger = server->run.debuggee.debugger;
	char *text;

	if (!server->refused)
		return;
	text = new_string("r33: %s has room for %d breakpoints and %d watchpoints: some of "
	                  "yours are not set\n",
	        debugger->engine, debugger->breakpoints_max, debugger->watchpoints_max);
	gdb_link_print(&server->link, text, strlen(text));
	free(text);
	server->refused = false;
}

/* Let the machine run, and tell how it went. */
static void
resume(struct server *server, const struct gdb_command *command)
{
	enum halt halt;

	if (server->lost) {
		gdb_link_reply(&server->link, server->stopped);
		return;
	}
	tell_refused(server);
	if (command->kind == GDB_STEP)
		halt = run_step(&server->run);
	else if (command->kind == GDB_STEP_RANGE)
		halt = run_step_range(
		        &server->run, command->address, command->address + command->length);
	else
		halt = run_continue(&server->run);
	server->refused = server->refused || halt == HALT_REFUSED;
	if (halt == HALT_LEFT)
		server->link.leaving = true;
	else if (halt == HALT_ENDED)
		reply_gone(server);
	else
		reply_stop(server, halt);
}

/* "m" */
static void
serve_memory(struct server *server, const struct gdb_command *command)
{
	uint8_t bytes[MEMORY_BYTES];
	char digits[2 * MEMORY_BYTES + 1];
	size_t length = command->length < MEMORY_BYTES ? command->length : MEMORY_BYTES;
	size_t count = debuggee_read(&server->run.debuggee, command->address, bytes, length);

	if (count == 0 && length > 0) {
		gdb_link_reply(&server->link, error_reply);
		return;
	}
	gdb_hex(digits, bytes, count);
	gdb_link_reply(&server->link, digits);
}

/* "M" */
static bool
write_memory(struct server *server, const struct gdb_command *command)
{
	uint8_t bytes[GDB_PACKET_BYTES / 2];
	long length = gdb_unhex(bytes, sizeof(bytes), command->data, command->data_length);

	return length >= 0 && (uint64_t)length == command->length &&
	       debuggee_write(&server->run.debuggee, command->address, bytes, (size_t)length);
}

/* "P" */
static bool
write_register(struct server *server, const struct gdb_command *command)
{
	uint64_t value = 0;
	long length = gdb_unhex(&value, sizeof(value), command->data, command->data_length);

	return length > 0 && (unsigned long)length == gdb_register_bytes(command->number) &&
	       gdb_register_write(&server->run.debuggee, command->number, value);
}

/* A piece of the target description. */
static void
read_description(struct server *server, const struct gdb_command *command)
{
	size_t whole = strlen(server->description);
	size_t begin = command->address < whole ? command->address : whole;
	size_t length = command->length < MEMORY_BYTES ? command->length : MEMORY_BYTES;
	char packet[MEMORY_BYTES + 1];

	if (length > whole - begin)
		length = whole - begin;
	packet[0] = begin + length == whole ? 'l' : 'm';
	memcpy(packet + 1, server->description + begin, length);
	gdb_link_send(&server->link, packet, length + 1);
}

/* "qRcmd" */
static void
monitor(struct server *server, const struct gdb_command *command)
{
	char text[256] = "";
	long length = gdb_unhex(text, sizeof(text) - 1, command->data, command->data_length);

	if (length < 0) {
		gdb_link_reply(&server->link, error_reply);
		return;
	}
	text[length] = '\0';
	if (!monitor_command(server, text)) {
		static const char unknown[] =
		        "r33: unknown monitor command; 'monitor help' lists the commands\n";

		gdb_link_print(&server->link, unknown, sizeof(unknown) - 1);
	}
	gdb_link_reply(&server->link, "OK");
}

static void
read_registers(struct server *server, const struct gdb_command *command)
{
	char digits[1024];

	if (command->kind == GDB_READ_REGISTERS)
		gdb_core_digits(&server->run.debuggee, digits, sizeof(digits));
	else if (!gdb_register_digits(&server->run.debuggee, command->number, digits))
		snprintf(digits, sizeof(digits), "%s", error_reply);
	gdb_link_reply(&server->link, digits);
}

/* gdb wants a breakpoint. */
static void
insert(struct server *server, const struct gdb_command *command)
{
	const char *problem =
	        breakpoints_insert(&server->run.breakpoints, &server->run.debuggee, command);
	char *text;

	if (!problem) {
		gdb_link_reply(&server->link, "OK");
		return;
	}
	server->refused = true;
	text = new_string("E.%s", problem);
	gdb_link_reply(&server->link, text);
	free(text);
}

/* The answers that are always the same; NULL: this is not one of them. */
static const char *
fixed_answer(enum gdb_command_kind kind)
{
	switch (kind) {
	case GDB_UNKNOWN: return "";
	case GDB_MALFORMED:
	case GDB_WRITE_REGISTERS: return error_reply;
	case GDB_SUPPORTED:
		return "PacketSize=4000;qXfer:features:read+;QStartNoAckMode+;hwbreak+;"
		       "vContSupported+";
	case GDB_RESUME_KINDS: return "vCont;c;C;s;S;r";
	case GDB_SELECT_THREAD:
	case GDB_NO_ACKNOWLEDGEMENTS:
	case GDB_THREAD_ALIVE:
	case GDB_DETACH:
	case GDB_VKILL: return "OK";
	case GDB_CURRENT_THREAD: return "QC1";
	case GDB_FIRST_THREADS: return "m1";
	case GDB_MORE_THREADS: return "l";
	case GDB_ATTACHED: return "0";
	default: return NULL;
	}
}

/* Do what gdb asks for, and answer. */
static void
perform(struct server *server, const struct gdb_command *command)
{
	const char *fixed = fixed_answer(command->kind);

	if (fixed) {
		gdb_link_reply(&server->link, fixed);
		if (command->kind == GDB_NO_ACKNOWLEDGEMENTS)
			server->link.acknowledges = false;
		if (command->kind == GDB_DETACH || command->kind == GDB_VKILL)
			server->link.leaving = true;
		return;
	}
	switch (command->kind) {
	case GDB_WHY_STOPPED: gdb_link_reply(&server->link, server->stopped); break;
	case GDB_READ_DESCRIPTION: read_description(server, command); break;
	case GDB_READ_REGISTERS:
	case GDB_READ_REGISTER: read_registers(server, command); break;
	case GDB_READ_MEMORY: serve_memory(server, command); break;
	case GDB_WRITE_REGISTER:
		gdb_link_reply(&server->link, write_register(server, command) ? "OK" : error_reply);
		break;
	case GDB_WRITE_MEMORY:
		gdb_link_reply(&server->link, write_memory(server, command) ? "OK" : error_reply);
		break;
	case GDB_INSERT: insert(server, command); break;
	case GDB_REMOVE:
		breakpoints_remove(&server->run.breakpoints, command);
		gdb_link_reply(&server->link, "OK");
		break;
	case GDB_MONITOR: monitor(server, command); break;
	case GDB_KILL: server->link.leaving = true; break;
	default: resume(server, command); break;
	}
}

/* One thing that gdb has sent. */
static void
take_input(struct server *server, enum gdb_input input)
{
	struct gdb_command command;

	if (input == GDB_INPUT_RESEND)
		gdb_link_resend(&server->link);
	if (input == GDB_INPUT_PACKET || input == GDB_INPUT_BAD)
		gdb_link_acknowledge(&server->link, input == GDB_INPUT_PACKET);
	if (input != GDB_INPUT_PACKET)
		return;
	gdb_command_parse(&command, server->link.reader.text, server->link.reader.length);
	perform(server, &command);
}

void
server_run(struct server *server)
{
	struct pollfd file = { server->link.in, POLLIN, 0 };
	bool empty;

	server->link.acknowledges = true;
	gdb_link_skip_repeated(&server->link);
	server->description = gdb_target_description();
	server->run.gdb = server->link.in;
	server->run.hear = hear;
	server->run.context = server;
	snprintf(server->stopped, sizeof(server->stopped), "T%02xthread:1;", SIGNAL_TRAP);
	while (!server->link.leaving && !process_interrupted()) {
		enum gdb_input input = gdb_link_read(&server->link, &empty);

		if (input != GDB_INPUT_NOTHING) {
			take_input(server, input);
			continue;
		}
		file.revents = 0;
		if (!server->link.leaving)
			process_poll(&server->session->machine.wait, &file, 1, IDLE_POLL_MS);
	}
	free(server->description);
	gdb_link_close(&server->link);
}
