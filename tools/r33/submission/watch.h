/*
 * The watch over a compiler: it answers for the kernel when the tool opens a file or forks.
 *
 * Landlock refuses what a submission must not read, but "permission denied" and "no such file" are two
 * answers, and a submission could learn from them which files a machine has (__has_include).  So for
 * a tool that is watched nothing exists but what it may read.  A tool that has been taken over could
 * evade the watch, and is stopped by Landlock.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

enum { WATCHED_PLACES = 8, WATCHED_NAME_BYTES = 256 };

struct watch {
	/* Beginnings of the names that exist.  A relative name exists without being listed. */
	const char *places[WATCHED_PLACES];
	int place_count;
	char refused[WATCHED_NAME_BYTES]; /* the first name that does not; "" = none */
	int forks, created;               /* of this tool, so far */
};

/* Does this name exist for the tool? */
bool watch_knows(const struct watch *watch, const char *name);

/* Answer what the kernel asks on the listener until this child has ended; it is not reaped.  Closes
 * the listener. */
void watch_child(struct watch *watch, int listener, pid_t child);
