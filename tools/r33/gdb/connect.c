/* How a gdb comes to its server: see connect.h. */
#include "connect.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { CONNECT_POLL_MS = 100, END_POLL_MS = 10 };

/* A socket on the loopback interface that listens, -1 after a complaint. */
static int
listen_on_port(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int yes = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
	        bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	        listen(fd, 1) == 0)
		return fd;
	complain("cannot listen on port %d: %s", port, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Wait until a gdb connects; -1: gdb has ended, or r33 is to end. */
static int
await_connection(struct wait *wait, int listening, struct child *gdb)
{
	struct pollfd file = { listening, POLLIN, 0 };

	while (!process_interrupted() && !(gdb && process_has_ended(gdb))) {
		file.revents = 0;
		process_poll(wait, &file, 1, CONNECT_POLL_MS);
		if (file.revents)
			return accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	}
	return -1;
}

/* Start gdb and serve it. */
static enum exit_status
serve_own_gdb(struct session *session, const struct gdb_options *options,
        const struct debug_files *files, gdb_serve *serve, void *context)
{
	struct child gdb = { 0 };
	char *name = NULL;
	int listening = gdb_listen(session, &name);
	int fd = -1;

	if (listening < 0 || !gdb_write_init(session, files, name) ||
	        !gdb_start(&gdb, session, options)) {
		free(name);
		return STATUS_ENGINE_OR_FILE;
	}
	free(name);
	fd = await_connection(&session->machine.wait, listening, &gdb);
	close(listening);
	if (fd >= 0) {
		serve(context, fd, fd);
		close(fd);
	}
	/* gdb may go on without the machine: its user ends it. */
	while (!process_has_ended(&gdb) && !process_interrupted())
		poll(NULL, 0, END_POLL_MS);
	process_end(&gdb);
	return WIFEXITED(gdb.wait_status) ? STATUS_ALL_POINTS : STATUS_ENGINE_OR_FILE;
}

/* Serve a gdb that the user starts. */
static enum exit_status
serve_other_gdb(struct session *session, const struct gdb_options *options,
        const struct debug_files *files, gdb_serve *serve, void *context)
{
	int port = options->port;
	int listening, fd;

	if (!gdb_write_init(session, files, NULL))
		return STATUS_ENGINE_OR_FILE;
	if (!port) {
		signal(SIGINT, SIG_IGN); /* it is meant for gdb */
		serve(context, STDIN_FILENO, STDOUT_FILENO);
		return STATUS_ALL_POINTS;
	}
	listening = listen_on_port(port);
	if (listening < 0)
		return STATUS_ENGINE_OR_FILE;
	fprintf(stderr, "r33: connect with: gdb -x %s/gdb.init -ex 'target remote localhost:%d'\n",
	        session->workdir.path, port);
	fd = await_connection(&session->machine.wait, listening, NULL);
	close(listening);
	if (fd >= 0) {
		serve(context, fd, fd);
		close(fd);
	}
	return STATUS_ALL_POINTS;
}

enum exit_status
gdb_connect(struct session *session, const struct gdb_options *options,
        const struct debug_files *files, gdb_serve *serve, void *context)
{
	return options->server ? serve_other_gdb(session, options, files, serve, context)
	                       : serve_own_gdb(session, options, files, serve, context);
}
