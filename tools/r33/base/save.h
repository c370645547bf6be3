/*
 * Files that the user names, written whole or not at all.
 *
 * What is written goes into a new file beside the target and replaces it when it is complete: a full disk, a crash
 * or Ctrl-C leave the old one as it was.  The target is a regular file or nothing: a symbolic link, a FIFO or a
 * directory is refused, for anyone who may write to the place may have put it there.  "-", /dev/null, /dev/tty,
 * /dev/stdout, /dev/stderr and /dev/fd/N are written to as they are.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

/* Private to save.c. */
struct save {
	const char *path; /* as the user named it */
	FILE *out;
	bool direct;      /* no file beside it */
	int directory;    /* of the target */
	const char *name; /* of the target in it */
	char temporary[64];
	sigset_t mask;
	struct sigaction file_size_action;
};

/* Can it be written?  Better to know before a run than after it.  False after a complaint. */
bool save_check(const char *path);

/* Where to write; NULL after a complaint.  Until save_end() signals that end r33 have to wait. */
FILE *save_begin(struct save *save, const char *path);

/* The target is what was written, if good; otherwise it is as it was.  False after a complaint. */
bool save_end(struct save *save, bool good);
