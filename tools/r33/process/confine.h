/*
 * Confinement of what reads a submission's bytes or runs them: compiler, linker, r33 locate, engines.
 *
 * Two mechanisms of Linux, neither of which needs a privilege: Landlock closes every file but those
 * that are named here, and the network; a seccomp filter (libseccomp) closes the system calls by
 * which a process would outlive its group, change files it cannot write, or reach other processes.
 * They hold for root, too, and for all children.  docs/architecture.md says what is enforced by which.
 */
#pragma once

#include <stdbool.h>

enum { CONFINED_FILES = 40 };

enum file_access {
	FILE_READ,    /* a file, or all below a directory: read and list */
	FILE_EXECUTE, /* and execute */
	FILE_WRITE,   /* read, write, make and remove regular files */
	FILE_DEVICE,  /* read and write; a terminal's settings, too */
	FILE_SOCKET,  /* FILE_WRITE, and make sockets */
};

struct confined_file {
	const char *path; /* links are followed; what is not there is left out */
	enum file_access access;
};

/* What a program may reach.  Everything else is closed. */
struct confined_files {
	struct confined_file files[CONFINED_FILES];
	int count;
	bool network; /* TCP, and abstract sockets and signals of others, too */
};

/* Which system calls stay. */
enum confined_calls {
	CALLS_OF_TOOLS,  /* those that compilers need: no other is known */
	CALLS_OF_READER, /* memory, and the files that are open: none is opened */
	CALLS_OF_ENGINE, /* all but those that no emulator needs */
	CALLS_OF_ENGINE_WITH_SOCKETS,
	CALLS_OF_ENGINE_WITH_DISPLAY, /* sockets, and memory that it shares with the display */
};

/* What this kernel offers; asked once. */
struct confinement_support {
	int landlock; /* its version (ABI); 0 = none */
	bool seccomp;
	bool watch; /* seccomp asks us (watch.h) */
};
const struct confinement_support *confinement_support(void);

/* Does this kernel offer all that confinement is made of? */
bool is_confinement_supported(void);

/* Add a file.  The path must live as long as the list. */
void confined_add(struct confined_files *files, const char *path, enum file_access access);

/* Add the files that a dynamically linked program needs to start. */
void confined_add_runtime(struct confined_files *files);

/*
 * In a child: from now on this process and its children reach these files and no others.  What the
 * kernel does not offer is left out; false with errno: it refused what it offers.
 */
bool confine_files(const struct confined_files *files);

/* In a child, right before it becomes a program: keep these system calls only. */
bool confine_calls(enum confined_calls calls);

/*
 * The same for CALLS_OF_TOOLS, but the kernel asks *listener (watch.h) about files and forks; -1: it
 * does not, see confinement_support().
 */
bool confine_calls_watched(int *listener);

/* Does the kernel filter system calls, and does it ask?  For confinement_support(), which others ask. */
bool confine_has_filter(void);
bool confine_has_watch(void);
