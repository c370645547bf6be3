/* How children of r33 start: see process.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "groups.h"
#include "process.h"

enum { FIRST_FREE_FD = 64 };

/* In the child: put the files where the program expects them. */
static bool
place_files(const int files[CHILD_FILES])
{
	int high[CHILD_FILES];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < CHILD_FILES; i++) {
		int from = i < 3 && files[i] < 0 ? null : files[i];

		high[i] = from < 0 ? -1 : fcntl(from, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
		if (from >= 0 && high[i] < 0)
			return false;
	}
	for (int i = 0; i < CHILD_FILES; i++) {
		if (high[i] >= 0 && dup2(high[i], i) < 0)
			return false;
	}
	return null >= 0;
}

/* In the child: one limit, never above the one r33 itself has. */
static void
limit(__rlimit_resource_t resource, uint64_t value)
{
	struct rlimit old;

	if (getrlimit(resource, &old) != 0)
		return;
	if (old.rlim_max == RLIM_INFINITY || value < old.rlim_max)
		old.rlim_max = value;
	old.rlim_cur = old.rlim_max;
	setrlimit(resource, &old);
}

/* In the child: everything up to exec.  Comes back only on failure, with errno set. */
static void
become(const void *context)
{
	const struct spawn *spawn = context;
	char *const *argv = (char *const *)(uintptr_t)spawn->argv;

	limit(RLIMIT_CORE, 0);
	if (spawn->limits.most_descriptors)
		limit(RLIMIT_NOFILE, UINT64_MAX);
	if (spawn->limits.cpu_seconds)
		limit(RLIMIT_CPU, spawn->limits.cpu_seconds);
	if (spawn->limits.memory_bytes)
		limit(RLIMIT_AS, spawn->limits.memory_bytes);
	if (spawn->limits.file_bytes)
		limit(RLIMIT_FSIZE, spawn->limits.file_bytes);
	if (spawn->limits.file_end_is_error)
		signal(SIGXFSZ, SIG_IGN);
	if (spawn->directory && chdir(spawn->directory) != 0)
		return;
	if (!place_files(spawn->files))
		return;
	if (spawn->confinement &&
	        !(confine_files(spawn->confinement) && confine_calls(spawn->calls)))
		return;
	execvpe(argv[0], argv, (char *const *)(uintptr_t)spawn->environment);
}

/* Fork; that the child could not become a program comes back through a pipe that exec closes. */
int
process_fork(struct child *child, become_function *become_program, const void *context)
{
	int report[2];
	int error = 0;

	*child = (struct child){ 0 };
	if (!process_pipe(report))
		return errno;
	child->pid = fork();
	if (child->pid == 0) {
		become_program(context);
		error = errno;
		if (write(report[1], &error, sizeof(error)) < 0)
			_exit(126);
		_exit(127);
	}
	if (child->pid < 0) {
		error = errno;
		child->pid = 0;
	}
	close(report[1]);
	if (child->pid > 0) {
		process_remember(child->pid);
		if (read(report[0], &error, sizeof(error)) == sizeof(error))
			process_end(child);
		else
			error = 0;
	}
	close(report[0]);
	return error;
}

/* What process_fork_group() leaves to the child. */
struct group {
	become_function *become;
	const void *context;
	pid_t parent;
};

/* In the child: lead a group that r33, and if need be its janitor, can end. */
static void
lead_group(const void *context)
{
	const struct group *group = context;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != group->parent)
		_exit(127);
	groups_note(getpid());
	process_restore_in_child();
	group->become(group->context);
}

int
process_fork_group(struct child *child, become_function *become_program, const void *context)
{
	const struct group group = { become_program, context, getpid() };

	return process_fork(child, lead_group, &group);
}

/* Start a child in a group of its own, with limits. */
int
process_start(struct child *child, const struct spawn *spawn)
{
	return process_fork_group(child, become, spawn);
}
