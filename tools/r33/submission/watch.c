/* The watch over a compiler: see watch.h. */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum {
	MOST_FORKS = 16,           /* a compiler driver needs three */
	MOST_CREATED = 32,         /* files for each tool; a compiler needs two */
	NAME_BYTES = PATH_MAX + 1, /* longer ones the kernel does not take */
	POLL_MS = 10,              /* where there is no pidfd */
};

/* Is ".." one of the name's components? */
static bool
leads_up(const char *name)
{
	for (const char *at = name; (at = strstr(at, "..")); at += 2) {
		if ((at == name || at[-1] == '/') && (at[2] == '/' || at[2] == '\0'))
			return true;
	}
	return false;
}

bool
watch_knows(const struct watch *watch, const char *name)
{
	for (int i = 0; i < watch->place_count; i++) {
		size_t length = strlen(watch->places[i]);

		if (strncmp(name, watch->places[i], length) == 0 && !leads_up(name + length))
			return true;
	}
	return name[0] != '/' && !leads_up(name);
}

/* The name at this address of the tool; false: it cannot be read. */
static bool
read_name(pid_t pid, uint64_t address, char name[NAME_BYTES])
{
	static const size_t page = 4096;
	size_t used = 0;

	while (used < NAME_BYTES) {
		size_t length = page - (address + used) % page;
		struct iovec own = { name + used, 0 }, others = { NULL, 0 };
		ssize_t got;

		if (length > NAME_BYTES - used)
			length = NAME_BYTES - used;
		own.iov_len = others.iov_len = length;
		others.iov_base = (void *)(uintptr_t)(address + used);
		got = process_vm_readv(pid, &own, 1, &others, 1, 0);
		if (got <= 0)
			return false;
		if (memchr(name + used, '\0', (size_t)got))
			return true;
		used += (size_t)got;
	}
	return false;
}

/* May the tool open the file?  0, or the errno it gets. */
static int
answer_open(struct watch *watch, int listener, const struct seccomp_notif *request)
{
	bool is_at = request->data.nr == SYS_openat;
	const unsigned long long *arguments = request->data.args + is_at;
	unsigned flags = (unsigned)arguments[1];
	char name[NAME_BYTES];

	if (is_at && (int)request->data.args[0] != AT_FDCWD)
		return EPERM;
	/* Before version 3 Landlock does not know that reading is not shortening, nor what the fourth
	 * access mode is. */
	if ((flags & O_ACCMODE) == O_ACCMODE ||
	        ((flags & O_TRUNC) && (flags & O_ACCMODE) == O_RDONLY) ||
	        (flags & O_TMPFILE) == O_TMPFILE)
		return EPERM;
	if ((flags & O_CREAT) && watch->created++ >= MOST_CREATED)
		return ENOSPC;
	if (!read_name((pid_t)request->pid, arguments[0], name) ||
	        seccomp_notify_id_valid(listener, request->id) != 0)
		return ENOENT;
	if (watch_knows(watch, name))
		return 0;
	if (!watch->refused[0])
		snprintf(watch->refused, sizeof(watch->refused), "%.*s", WATCHED_NAME_BYTES - 1,
		        name);
	return ENOENT;
}

/* May the tool fork? */
static int
answer_fork(struct watch *watch, const struct seccomp_notif *request)
{
	static const uint64_t spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
	                               CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

	if (request->data.nr == SYS_clone && (request->data.args[0] & spaces))
		return EPERM;
	return watch->forks++ < MOST_FORKS ? 0 : EAGAIN;
}

/* Answer one question. */
static void
answer(struct watch *watch, int listener, struct seccomp_notif *request,
        struct seccomp_notif_resp *response)
{
	bool is_open = request->data.nr == SYS_openat;
	int error;

#ifdef SYS_open
	is_open = is_open || request->data.nr == SYS_open;
#endif
	error = is_open ? answer_open(watch, listener, request) : answer_fork(watch, request);
	*response = (struct seccomp_notif_resp){ .id = request->id,
		.error = -error,
		.flags = error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE };
	/* If the tool has died meanwhile, nothing waits for it. */
	seccomp_notify_respond(listener, response);
}

void
watch_child(struct watch *watch, int listener, pid_t child)
{
	struct seccomp_notif *request = NULL;
	struct seccomp_notif_resp *response = NULL;
	int ended = (int)syscall(SYS_pidfd_open, child, 0);
	siginfo_t information = { 0 };

	if (listener >= 0 && seccomp_notify_alloc(&request, &response) != 0) {
		close(listener);
		listener = -1;
	}
	while (waitid(P_PID, (id_t)child, &information, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	        information.si_pid == 0) {
		struct pollfd files[] = { { listener, POLLIN, 0 }, { ended, POLLIN, 0 } };

		if (poll(files, 2, ended < 0 ? POLL_MS : -1) < 0)
			continue;
		if (!(files[0].revents & POLLIN))
			continue;
		*request = (struct seccomp_notif){ 0 }; /* the kernel insists */
		if (seccomp_notify_receive(listener, request) == 0)
			answer(watch, listener, request, response);
	}
	if (request)
		seccomp_notify_free(request, response);
	if (listener >= 0)
		close(listener);
	if (ended >= 0)
		close(ended);
}
