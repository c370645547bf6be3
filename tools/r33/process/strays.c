/* Processes that were left over: see process.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/util.h"
#include "process.h"

enum { CHILDREN = 64, LIST_BYTES = 1024 * 1024, MOST_ROUNDS = 1000 };

static pid_t own[CHILDREN];

void
process_remember(pid_t child)
{
	for (int i = 0; i < CHILDREN; i++) {
		if (own[i] == 0) {
			own[i] = child;
			return;
		}
	}
}

/* It has been reaped. */
void
process_forget(pid_t child)
{
	for (int i = 0; i < CHILDREN; i++) {
		if (own[i] == child)
			own[i] = 0;
	}
}

static bool
is_own(pid_t child)
{
	for (int i = 0; i < CHILDREN; i++) {
		if (own[i] == child)
			return true;
	}
	return false;
}

/* Call visit() for every child; how many it says it has dealt with. */
static int
for_each_child(bool (*visit)(pid_t child))
{
	char *path = new_string("/proc/self/task/%d/children", (int)getpid());
	size_t size;
	char *list = read_whole_file(path, LIST_BYTES, &size);
	char *at = list;
	int count = 0;

	for (char *end; at && *at; at = end) {
		pid_t child = (pid_t)strtol(at, &end, 10);

		if (end == at)
			break;
		count += visit(child);
	}
	free(list);
	free(path);
	return count;
}

static bool
remember(pid_t child)
{
	process_remember(child);
	return true;
}

/* Those that r33 has from the process it was before are not its business. */
void
process_remember_inherited(void)
{
	for_each_child(remember);
}

static bool
kill_stray(pid_t child)
{
	if (is_own(child))
		return false;
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	return true;
}

/* A stray's own children become ours when it has ended: go on until there are none. */
void
process_end_strays(void)
{
	for (int i = 0; i < MOST_ROUNDS && for_each_child(kill_stray) > 0; i++)
		continue;
}
