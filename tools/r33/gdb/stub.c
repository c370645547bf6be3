/* An engine that has a server for gdb of its own: see stub.h. */
#include "stub.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "connect.h"
#include "packet.h"
#include "places.h"

enum {
	CONNECT_TRIES = 100,
	CONNECT_PAUSE_MS = 50,
	RELAY_BYTES = 4096,
	RELAY_POLL_MS = 200,
	GOODBYE_MS = 1000
};

/* The machine and what listens in it. */
struct stub {
	struct session *session;
	struct child engine;
	int fd;
};

/* A free port of the loopback interface. */
static int
free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int port = 0;

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0 &&
	        getsockname(fd, (struct sockaddr *)&address, &length) == 0)
		port = ntohs(address.sin_port);
	if (fd >= 0)
		close(fd);
	return port;
}

/* Connect to Bochs' port. */
static int
connect_to_port(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Connect to QEMU's socket; its path may be too long for an address. */
static int
connect_to_socket(const char *work)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int directory = open(work, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/" ENGINE_SOCKET,
	        directory);
	error = connect(fd, (const struct sockaddr *)&address, sizeof(address));
	if (directory >= 0)
		close(directory);
	if (error == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Connect to the machine's server: it takes a moment to listen. */
static bool
connect_to_engine(struct stub *stub)
{
	struct machine *machine = &stub->session->machine;

	for (int i = 0; i < CONNECT_TRIES && !process_interrupted(); i++) {
		stub->fd = machine->stub_port ? connect_to_port(machine->stub_port)
		                              : connect_to_socket(machine->work);
		if (stub->fd >= 0)
			return true;
		if (process_has_ended(&stub->engine))
			break;
		process_poll(&machine->wait, NULL, 0, CONNECT_PAUSE_MS);
	}
	return false;
}

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
		complain("QEMU has VMX only with KVM on a host with nested VMX; without it, the "
		         "kernel says so and ends, and gdb stops at its start");
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
	if (connect_to_engine(&stub)) {
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
