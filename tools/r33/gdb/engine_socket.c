/* The way to an engine's own server for gdb: see engine_socket.h. */
#include "engine_socket.h"

#include <fcntl.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { CONNECT_TRIES = 500, CONNECT_PAUSE_MS = 10 };

int
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

int
engine_connect(struct machine *machine, struct child *engine)
{
	for (int i = 0; i < CONNECT_TRIES && !process_interrupted(); i++) {
		int fd = machine->stub_port ? connect_to_port(machine->stub_port)
		                            : connect_to_socket(machine->work);

		if (fd >= 0)
			return fd;
		if (process_has_ended(engine))
			break;
		process_poll(&machine->wait, NULL, 0, CONNECT_PAUSE_MS);
	}
	return -1;
}
