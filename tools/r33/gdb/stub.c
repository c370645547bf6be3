/* An engine that has a server for gdb of its own: see stub.h. */
#include "stub.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "engine_socket.h"
#include "packet.h"
#include "places.h"

enum { RELAY_BYTES = 4096, RELAY_POLL_MS = 200, GOODBYE_MS = 1000 };

/* The machine and what listens in it. */
struct stub {
	struct session *session;
	struct child engine;
	int fd;
};

/* Pass on what is there.  False: one of them is gone. */
static bool
pass_on(int from, int to)
{
	char bytes[RELAY_BYTES];
	ssize_t length = read(from, bytes, sizeof(bytes));

	if (length > 0 && !write_all(to, bytes, (size_t)length))
		return false;
	return length > 0 || (length < 0 && errno == EINTR);
}

/* The engine is gone; its server does not say so. */
static void
say_goodbye(struct stub *stub, int in, int out)
{
	struct pollfd file = { in, POLLIN, 0 };
	char bytes[64];
	static const char text[] = "W01";
	char frame[GDB_FRAME_BYTES(sizeof(text))];
	struct stream *stream = stub->session->machine.stream;
	size_t length = gdb_frame(frame, text, strlen(text));

	process_poll(&stub->session->machine.wait, NULL, 0, 0);
	if (stream->bail_out)
		complain("%s", stream->bail_out);
	if (write(out, frame, length) < 0)
		return;
	/* gdb acknowledges, which has to be read. */
	while (poll(&file, 1, GOODBYE_MS) > 0 && read(in, bytes, sizeof(bytes)) > 0)
		continue;
}

/* gdb is there: pass on what the two say. */
static void
serve(void *context, int in, int out)
{
	struct stub *stub = context;

	while (!process_interrupted()) {
		struct pollfd files[] = { { in, POLLIN, 0 }, { stub->fd, POLLIN, 0 } };

		process_poll(&stub->session->machine.wait, files, 2, RELAY_POLL_MS);
		if (files[0].revents && !pass_on(in, stub->fd))
			return;
		if (files[1].revents && !pass_on(stub->fd, out)) {
			say_goodbye(stub, in, out);
			return;
		}
	}
}

/* What gdb does first: with such a server it is gdb that boots. */
static char *
first_commands(const struct debug_files *files, const struct kernel_places *places)
{
	uint64_t address = 0;

	elf_first_line(files->lab, files->function, &address);
	return new_string(
	        "thbreak *0x%" PRIx64 "\ncontinue\n"
	        "set var lab_limit_ticks = 1 << 30\n"
	        "thbreak *0x%" PRIx64 "\n"
	        "echo continue: to the student's first line, if the kernel finds VMX\\n\n",
	        places->kernel_main, address);
}

/* Say what the engine can do. */
static void
say_what_it_is(const struct machine *machine)
{
	if (machine->stub_port)
		complain("this Bochs was built with its own gdb stub: it stops at every exception "
		         "and has no monitor commands");
	else
		complain("with KVM gdb sees what QEMU's own server shows: the kernel and the labs, "
		         "but "
		         "not the guest, and without r33's commands");
}

enum exit_status
stub_debug(struct session *session, const struct gdb_options *options, struct debug_files *files,
        const struct kernel_places *places)
{
	struct machine *machine = &session->machine;
	struct stub stub = { .session = session, .fd = -1 };
	enum exit_status status = STATUS_ENGINE_OR_FILE;
	char *messages;

	machine->debugged = true;
	if (machine->engine == &engine_bochs)
		machine->stub_port = free_port();
	files->commands = first_commands(files, places);
	if (!engine_start(machine, &stub.engine))
		return status;
	stub.fd = engine_connect(machine, &stub.engine);
	if (stub.fd >= 0) {
		say_what_it_is(machine);
		status = gdb_connect(session, options, files, serve, &stub);
		close(stub.fd);
	} else if (!process_interrupted()) {
		machine->engine->post_mortem(machine);
		messages = tail_lines(&machine->end.messages, 5);
		complain("gdb cannot connect to %s:\n%s", session->grade.engine, messages);
		free(messages);
	}
	process_end(&stub.engine);
	process_close(&machine->wait);
	return status;
}
