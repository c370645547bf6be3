/*
 * The work directory and its janitor.
 *
 * The janitor is a process in a session of its own that waits for the end of a pipe only r33
 * holds.  If r33 is killed with SIGKILL it kills the children's process groups and removes the
 * directory; in all other cases it finds nothing left to do.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/util.h"
#include "groups.h"
#include "process.h"

enum { OPEN_DIRECTORIES = 16, REMOVE_ATTEMPTS = 20, REMOVE_PAUSE_US = 50000 };

/* Remove one entry; errors show as a directory that is still there. */
static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *position)
{
	(void)status;
	(void)type;
	(void)position;
	remove(path);
	return 0;
}

/* Remove the tree; links are removed, not followed.  Is it gone? */
static bool
remove_tree(const char *path)
{
	nftw(path, remove_entry, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS);
	return access(path, F_OK) != 0;
}

/* The janitor's life.  Never returns. */
static void
be_janitor(int pipe_end, const char *path)
{
	char byte;
	int null = open("/dev/null", O_RDWR);

	setsid();
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	dup2(pipe_end, 3);
	close_range(4, ~0u, 0);
	if (chdir("/") != 0)
		_exit(1);
	while (read(3, &byte, 1) < 0 && errno == EINTR)
		continue;
	groups_kill();
	for (int i = 0; i < REMOVE_ATTEMPTS && !remove_tree(path); i++)
		usleep(REMOVE_PAUSE_US);
	_exit(0);
}

/* Make the directory, for this user only, and its janitor.  False after a complaint. */
bool
workdir_make(struct workdir *workdir)
{
	const char *parent = getenv("TMPDIR");
	int ends[2];

	umask(umask(0) & 077); /* what r33 makes it can also use and remove */
	workdir->path = new_string("%s/r33-XXXXXX", parent && *parent == '/' ? parent : "/tmp");
	if (!mkdtemp(workdir->path)) {
		complain("cannot make the work directory %s: %s (set TMPDIR to use another place)",
		        workdir->path, strerror(errno));
		return false;
	}
	if (!groups_share() || !process_pipe(ends)) {
		complain("cannot start: %s", strerror(errno));
		rmdir(workdir->path);
		return false;
	}
	workdir->janitor = fork();
	if (workdir->janitor == 0)
		be_janitor(ends[0], workdir->path);
	if (workdir->janitor > 0)
		process_remember(workdir->janitor);
	close(ends[0]);
	workdir->janitor_pipe = ends[1];
	return true;
}

/* Remove the directory and see the janitor off. */
void
workdir_remove(struct workdir *workdir)
{
	if (!workdir->path)
		return;
	remove_tree(workdir->path);
	close(workdir->janitor_pipe);
	if (workdir->janitor > 0) {
		while (waitpid(workdir->janitor, NULL, 0) < 0 && errno == EINTR)
			continue;
		process_forget(workdir->janitor);
	}
	free(workdir->path);
	workdir->path = NULL;
}
