/*
 * Children of r33: start them with limits, read what they write, end them in every case.
 *
 * Every child leads a process group of its own and is killed with it; it dies when r33 dies.
 * SIGINT, SIGTERM and SIGHUP are only taken inside process_wait(), where nothing is half done.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "confine.h"

enum { CHILD_FILES = 6, WAIT_CHANNELS = 4 };

/* Limits of a child that runs or reads what a student wrote; 0 = none. */
struct child_limits {
	unsigned cpu_seconds;
	uint64_t memory_bytes;
	uint64_t file_bytes;
	bool file_end_is_error; /* a full file is an error to the child, not its end */
	bool most_descriptors; /* as many as the hard limit allows: the child may not raise it itself */
};

struct spawn {
	const char *const *argv; /* argv[0] is looked up in PATH */
	const char *const *environment;
	const char *directory;  /* where it starts; NULL = where r33 is */
	int files[CHILD_FILES]; /* the child's descriptor i; -1 = /dev/null for 0..2, else closed */
	struct child_limits limits;
	const struct confined_files *confinement; /* what it may reach; NULL = all that r33 can */
	enum confined_calls calls;                /* which system calls are left to it then */
};

struct child {
	pid_t pid; /* also its process group; 0 = none */
	bool ended;
	int wait_status; /* when ended */
};

/* Takes what a child has written. */
typedef void take_function(void *context, const char *bytes, size_t length);

/* A pipe the child writes to. */
struct channel {
	int fd; /* -1 = closed */
	take_function *take;
	void *context;
};

enum wait_result {
	WAIT_ENDED, /* the child is gone and its channels are drained */
	WAIT_TIMED_OUT,
	WAIT_STOPPED,     /* wait.stop was set */
	WAIT_INTERRUPTED, /* a signal that ends r33 */
};

struct wait {
	struct channel channels[WAIT_CHANNELS];
	int64_t deadline_ms; /* of now_ms(); a channel's take() may move it */
	bool stop;           /* set by take() */
};

/* Call first: blocks the signals that end r33 and catches them. */
void process_prepare(void);

/* The signal that wants to end r33, or 0. */
int process_interrupted(void);

/* Give the signals their old meaning again; if one has come, die of it. */
void process_restore(void);

/* Start a child.  0, or the errno that tells why not (ENOENT: no such program). */
int process_start(struct child *child, const struct spawn *spawn);

/*
 * The same for a child that belongs to r33's own process group, as one on the user's terminal must:
 * become() runs in it, calls process_restore_in_child() and then exec.  If it comes back, with errno
 * set, the child has ended.
 */
typedef void become_function(const void *context);
int process_fork(struct child *child, become_function *become, const void *context);

/*
 * The same for one that leads a group of its own, as those of process_start() do.  It need not become a
 * program: when it closes all descriptors that it did not open, it has started.
 */
int process_fork_group(struct child *child, become_function *become, const void *context);
void process_restore_in_child(void);

/* Read the channels until the child ended, the deadline, or wait->stop. */
enum wait_result process_wait(struct child *child, struct wait *wait);

/* Read once whatever has come on the channels; wait at most so long for them and for the other files,
 * whose revents are filled in.  Signals that end r33 are let in: process_interrupted() knows. */
struct pollfd;
void process_poll(struct wait *wait, struct pollfd *others, int count, int timeout_ms);

/* Close what is still open of the channels. */
void process_close(struct wait *wait);

/* Has the child ended?  It is reaped then. */
bool process_has_ended(struct child *child);

/* The processor time that the child has used; 0 if it is not known. */
int64_t process_cpu_ms(const struct child *child);

/* Would the child run if a processor were free? */
bool process_wants_processor(const struct child *child);

/* Kill the child's whole group and reap the child. */
void process_end(struct child *child);

/*
 * r33 adopts the descendants of its children that have left their group, where nothing kept them from
 * it.  End those: all of r33's children that it has not started itself.  strays.c
 */
void process_end_strays(void);
void process_remember_inherited(void);
void process_remember(pid_t child);
void process_forget(pid_t child);

/*
 * Start a child whose standard output (and standard error) comes through *output, and later read
 * that to the child's end, wait_ms at the most; the child has ended then in every case.
 * process_start_output() returns as process_start(), and leaves nothing open if it fails.
 */
int process_start_output(struct child *child, struct spawn *spawn, bool with_errors, int *output);
enum wait_result process_finish_output(
        struct child *child, int *output, take_function *take, void *context, int64_t wait_ms);

/* A pipe, both ends closed on exec.  False with errno set. */
bool process_pipe(int ends[2]);

/* PATH, or its default. */
const char *process_search_path(void);

/* Is the program in PATH? */
bool process_find_program(const char *name);

/* The first such program in a list of directories as PATH is one, or NULL.  The caller frees it. */
char *process_program_in(const char *directories, const char *name);

/*
 * The work directory (workdir.c): made below $TMPDIR or /tmp, removed by workdir_remove() or, when
 * r33 is killed the hard way, by a small process that waits for nothing else.
 */
struct workdir {
	char *path;
	int janitor_pipe;
	pid_t janitor;
};
bool workdir_make(struct workdir *workdir);
void workdir_remove(struct workdir *workdir);
