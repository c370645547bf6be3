/* Children of r33: see process.h. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <r33/array.h>

#include "base/file.h"
#include "base/util.h"
#include "groups.h"

enum {
	READ_BYTES = 64 * 1024,
	POLL_MS = 1000,
	DRAIN_READS = 64,
	GROUP_POLLS = 2000,
	POLL_OTHERS = 4,
	STAT_BYTES = 4096,
};

/*
 * A serial port comes byte by byte.  Waiting a little lets them gather: some 200 wake-ups for a
 * lab instead of 7000, which counts when a class is graded on one machine.
 */
static const struct timespec gather_time = { .tv_nsec = 1000000 };

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP };
enum { ENDING_SIGNALS = COUNT(ending_signals) };

static volatile sig_atomic_t interrupted;
static sigset_t outer_mask; /* as r33 was started with */
static struct sigaction outer_actions[ENDING_SIGNALS];

/* Remember the signal; process_wait() looks. */
static void
note_signal(int number)
{
	interrupted = number;
}

/* SIGCHLD only has to wake ppoll(). */
static void
wake(int number)
{
	(void)number;
}

/* Block and catch the signals that end r33; they are let in where nothing is half done. */
void
process_prepare(void)
{
	struct sigaction action = { .sa_handler = note_signal };
	sigset_t blocked;

	process_remember_inherited();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&blocked);
	for (int i = 0; i < ENDING_SIGNALS; i++) {
		sigaddset(&blocked, ending_signals[i]);
		sigaction(ending_signals[i], NULL, &outer_actions[i]);
		if (outer_actions[i].sa_handler != SIG_IGN)
			sigaction(ending_signals[i], &action, NULL);
	}
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, &outer_mask);
	for (int i = 0; i < ENDING_SIGNALS; i++)
		sigdelset(&outer_mask, ending_signals[i]);
	sigdelset(&outer_mask, SIGCHLD);
	action.sa_handler = wake;
	sigaction(SIGCHLD, &action, NULL);
}

/* The signal that wants to end r33, or 0: one that is pending counts. */
int
process_interrupted(void)
{
	sigset_t pending;

	if (!interrupted && sigpending(&pending) == 0) {
		for (int i = 0; i < ENDING_SIGNALS; i++) {
			if (sigismember(&pending, ending_signals[i]))
				return ending_signals[i];
		}
	}
	return interrupted;
}

void
process_restore(void)
{
	for (int i = 0; i < ENDING_SIGNALS; i++)
		sigaction(ending_signals[i], &outer_actions[i], NULL);
	if (interrupted)
		raise(interrupted);
	sigprocmask(SIG_SETMASK, &outer_mask, NULL);
	if (interrupted)
		_exit(128 + interrupted);
}

void
process_restore_in_child(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };

	for (int i = 0; i < ENDING_SIGNALS; i++)
		sigaction(ending_signals[i], &standard, NULL);
	sigaction(SIGCHLD, &standard, NULL);
	sigaction(SIGPIPE, &standard, NULL);
	sigprocmask(SIG_SETMASK, &outer_mask, NULL);
}

bool
process_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC) == 0;
}

/*
 * The child is dead; its own children, killed with it, may take a moment: freeing a compiler's
 * memory on a busy machine, say.  They are to be gone when r33 has ended.  They are ours to
 * reap (PR_SET_CHILD_SUBREAPER): not every container has a process that does.
 */
static void
await_group(pid_t group)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	for (int i = 0; i < GROUP_POLLS; i++) {
		while (waitpid(-group, NULL, WNOHANG) > 0)
			continue;
		if (kill(-group, 0) != 0)
			break;
		nanosleep(&pause, NULL);
	}
}

/* The child is reaped: nothing of it is left, wherever it has gone. */
static void
note_end(struct child *child)
{
	await_group(child->pid);
	process_forget(child->pid);
	process_end_strays();
	child->ended = true;
	groups_forget(child->pid);
}

bool
process_has_ended(struct child *child)
{
	siginfo_t information = { 0 };

	if (child->ended)
		return true;
	if (waitid(P_PID, (id_t)child->pid, &information, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	        information.si_pid == 0)
		return false;
	/* Its group lives on in its descendants, and its pid is not reused before it is reaped. */
	kill(-child->pid, SIGKILL);
	while (waitpid(child->pid, &child->wait_status, 0) < 0 && errno == EINTR)
		continue;
	note_end(child);
	return true;
}

/* Read once from the channel; a channel at its end is closed. */
static void
read_channel(struct channel *channel)
{
	static char bytes[READ_BYTES];
	ssize_t length = read(channel->fd, bytes, sizeof(bytes));

	if (length > 0) {
		channel->take(channel->context, bytes, (size_t)length);
	} else if (length == 0 || (errno != EINTR && errno != EAGAIN)) {
		close(channel->fd);
		channel->fd = -1;
	}
}

/* Wait once for the channels, at most until `until_ms`.  How many are open. */
static int
poll_channels(struct wait *wait, int64_t until_ms)
{
	struct pollfd files[WAIT_CHANNELS];
	struct timespec timeout;
	int64_t left = until_ms - now_ms();
	int open = 0;

	left = left < 0 ? 0 : left > POLL_MS ? POLL_MS : left;
	timeout = (struct timespec){ .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000 };
	for (int i = 0; i < WAIT_CHANNELS; i++) {
		files[i] = (struct pollfd){ .fd = wait->channels[i].fd, .events = POLLIN };
		if (!wait->channels[i].take)
			files[i].fd = -1;
		open += files[i].fd >= 0;
	}
	if (ppoll(files, WAIT_CHANNELS, &timeout, &outer_mask) <= 0)
		return open;
	nanosleep(&gather_time, NULL);
	for (int i = 0; i < WAIT_CHANNELS && !wait->stop; i++) {
		if (files[i].fd >= 0 && files[i].revents)
			read_channel(&wait->channels[i]);
	}
	return open;
}

void
process_poll(struct wait *wait, struct pollfd *others, int count, int timeout_ms)
{
	struct pollfd files[WAIT_CHANNELS + POLL_OTHERS];
	struct timespec timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };

	for (int i = 0; i < WAIT_CHANNELS; i++)
		files[i] = (struct pollfd){ wait->channels[i].take ? wait->channels[i].fd : -1,
			POLLIN, 0 };
	for (int i = 0; i < count; i++)
		files[WAIT_CHANNELS + i] = others[i];
	if (ppoll(files, WAIT_CHANNELS + (nfds_t)count, &timeout, &outer_mask) < 0)
		return;
	for (int i = 0; i < WAIT_CHANNELS; i++) {
		if (files[i].fd >= 0 && files[i].revents)
			read_channel(&wait->channels[i]);
	}
	for (int i = 0; i < count; i++)
		others[i].revents = files[WAIT_CHANNELS + i].revents;
}

/*
 * What the child has written so far: more than a pipe holds is not read, for the child may write
 * indefinitely, and other holders of the other end are not waited for.
 */
static void
drain(struct wait *wait)
{
	for (int i = 0; i < WAIT_CHANNELS; i++) {
		struct channel *channel = &wait->channels[i];

		if (!channel->take || channel->fd < 0)
			continue;
		fcntl(channel->fd, F_SETFL, fcntl(channel->fd, F_GETFL) | O_NONBLOCK);
		for (int reads = 0; channel->fd >= 0 && reads < DRAIN_READS; reads++) {
			struct pollfd file = { .fd = channel->fd, .events = POLLIN };

			if (poll(&file, 1, 0) <= 0)
				break;
			read_channel(channel);
		}
	}
}

enum wait_result
process_wait(struct child *child, struct wait *wait)
{
	for (;;) {
		if (wait->stop) {
			drain(wait);
			return WAIT_STOPPED;
		}
		if (interrupted)
			return WAIT_INTERRUPTED;
		if (process_has_ended(child)) {
			drain(wait);
			return wait->stop ? WAIT_STOPPED : WAIT_ENDED;
		}
		if (now_ms() >= wait->deadline_ms)
			return WAIT_TIMED_OUT;
		poll_channels(wait, wait->deadline_ms);
	}
}

/* The channels are no longer read. */
void
process_close(struct wait *wait)
{
	for (int i = 0; i < WAIT_CHANNELS; i++) {
		if (wait->channels[i].take && wait->channels[i].fd >= 0)
			close(wait->channels[i].fd);
	}
}

void
process_end(struct child *child)
{
	if (child->pid <= 0 || child->ended)
		return;
	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &child->wait_status, 0) < 0 && errno == EINTR)
		continue;
	note_end(child);
}

int64_t
process_cpu_ms(const struct child *child)
{
	clockid_t clock;
	struct timespec used;

	if (!child || child->ended || clock_getcpuclockid(child->pid, &clock) != 0 ||
	        clock_gettime(clock, &used) != 0)
		return 0;
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

bool
process_wants_processor(const struct child *child)
{
	char *path = new_string("/proc/%d/stat", (int)child->pid);
	size_t size;
	char *text = read_whole_file(path, STAT_BYTES, &size);
	/* "PID (NAME) STATE": a name may have parentheses, too. */
	const char *name_end = text ? strrchr(text, ')') : NULL;
	bool wants = name_end && name_end[1] == ' ' && name_end[2] == 'R';

	free(text);
	free(path);
	return wants;
}

char *
process_program_in(const char *directories, const char *name)
{
	for (size_t length; *directories; directories += length + (directories[length] == ':')) {
		char *candidate;

		length = strcspn(directories, ":");
		candidate = new_string("%.*s/%s", (int)length, directories, name);
		if (length > 0 && access(candidate, X_OK) == 0 && file_size(candidate) >= 0)
			return candidate;
		free(candidate);
	}
	return NULL;
}

/* Where programs are looked up. */
const char *
process_search_path(void)
{
	const char *path = getenv("PATH");

	return path ? path : "/usr/bin:/bin";
}

bool
process_find_program(const char *name)
{
	char *path = process_program_in(process_search_path(), name);

	free(path);
	return path != NULL;
}
