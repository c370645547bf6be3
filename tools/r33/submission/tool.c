/* One tool at a time: see tool.h. */
#include "tool.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <r33/array.h>

#include "base/util.h"
#include "process/confine.h"
#include "process/process.h"

enum { FILE_BYTES = 4 * 1024 * 1024, STACK_BYTES = 64 * 1024 * 1024 };

/* The limit strikes a little before what is counted in the end. */
#define CLOCK_S 0.25

/* Compilers take a third of this. */
static const rlim_t memory_bytes = 320ull * 1024 * 1024;

const char tool_took_too_much[] = "the compiler needs far more processor time or memory than a lab "
                                  "may take: does a file include itself, or do macros multiply?\n";

struct tool_start {
	int listener; /* of the watch */
	int error;    /* why it is not the program */
};

bool
tool_limits_are_free(unsigned cpu_seconds)
{
	const struct {
		__rlimit_resource_t resource;
		rlim_t least;
		const char *option, *what;
	} needs[] = {
		{ RLIMIT_CPU, cpu_seconds + 1, "-t", "seconds of processor time" },
		{ RLIMIT_AS, memory_bytes, "-v", "bytes of memory" },
		{ RLIMIT_FSIZE, FILE_BYTES, "-f", "bytes for a file" },
		{ RLIMIT_STACK, STACK_BYTES, "-s", "bytes of stack" },
	};

	for (size_t i = 0; i < COUNT(needs); i++) {
		struct rlimit has;

		if (getrlimit(needs[i].resource, &has) == 0 && has.rlim_max < needs[i].least) {
			complain("a limit of this shell (ulimit %s) is too low: compiling needs up "
			         "to %llu %s",
			        needs[i].option, (unsigned long long)needs[i].least, needs[i].what);
			return false;
		}
	}
	return true;
}

bool
tool_runner_open(struct tool_runner *runner)
{
	runner->start = mmap(NULL, sizeof(*runner->start), PROT_READ | PROT_WRITE,
	        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return runner->start != MAP_FAILED;
}

/* In the tool's process: one limit. */
static void
limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
	const struct rlimit both = { soft, hard };

	setrlimit(resource, &both);
}

/* In the tool's process: everything up to exec. */
static void
become_tool(struct tool_runner *runner, const char *const *argv)
{
	union {
		const char *const *constant;
		char *const *plain;
	} words = { argv }, environment = { runner->environment };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	limit(RLIMIT_CPU, runner->cpu_seconds - (rlim_t)runner->used_s, runner->cpu_seconds + 1);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_AS, memory_bytes, memory_bytes);
	limit(RLIMIT_FSIZE, FILE_BYTES, FILE_BYTES);
	limit(RLIMIT_STACK, STACK_BYTES, STACK_BYTES); /* gcc asks for it in vain */
	process_restore_in_child();
	if (confine_calls_watched(&runner->start->listener))
		execve(argv[0], words.plain, environment.plain);
	runner->start->error = errno;
	_exit(127);
}

/* What the tool's end means. */
static enum tool_end
judge(const struct tool_runner *runner, const char *tool, int status)
{
	if (runner->start->error) {
		dprintf(STDERR_FILENO, "cannot run %s: %s\n", tool, strerror(runner->start->error));
		return TOOL_FAILED;
	}
	if (runner->used_s + CLOCK_S >= runner->cpu_seconds) {
		/* What gcc says of it is a request for a bug report.  How many seconds it were depends
		 * on the processor, and reports do not. */
		if (ftruncate(STDERR_FILENO, 0) == 0)
			dprintf(STDERR_FILENO, "%s", tool_took_too_much);
		return TOOL_REFUSED;
	}
	if (WIFSIGNALED(status)) {
		dprintf(STDERR_FILENO, "%s was killed by signal %d (%s)\n", tool, WTERMSIG(status),
		        strsignal(WTERMSIG(status)));
		return WTERMSIG(status) == SIGKILL ? TOOL_FAILED : TOOL_REFUSED;
	}
	return WEXITSTATUS(status) == 0 ? TOOL_DONE : TOOL_REFUSED;
}

enum tool_end
tool_run(struct tool_runner *runner, const char *const *argv)
{
	struct rusage usage = { 0 };
	int status = 0;
	pid_t pid;

	*runner->start = (struct tool_start){ .listener = -1 };
	runner->watch.forks = runner->watch.created = 0;
	/* The tool's filter is made in its process, the listener that comes of it is ours: so it has
	 * our descriptors until it becomes the program, and we wait until then.  Without a watch there is
	 * no listener; and what emulates a kernel without one (qemu-user) knows no such clone(). */
	if (confinement_support()->watch)
		pid = (pid_t)syscall(SYS_clone, CLONE_FILES | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
	else
		pid = fork();
	if (pid == 0)
		become_tool(runner, argv);
	if (pid < 0) {
		dprintf(STDERR_FILENO, "cannot start %s: %s\n", argv[0], strerror(errno));
		return TOOL_FAILED;
	}
	watch_child(&runner->watch, runner->start->listener, pid);
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		continue;
	runner->used_s += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	                  (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	return judge(runner, argv[0], status);
}
