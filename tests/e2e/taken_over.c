/*
 * Plays a program that a submission has taken over: a compiler, or an emulator.  It tries what such a
 * program would, and prints a line for each attempt, which ends in "closed", or in "OPEN" where it
 * got through.
 *
 * Asked for its directories it is the real gcc, so that r33 starts it as one.  To be compiled with
 *	TRIES		"read:PATH write:PATH execute:PATH shorten:PATH change:PATH ..."
 *	IS_ENGINE	0 or 1
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { FORKS = 500, FILE_BYTES = 5 * 1024 * 1024 };

static void
tell(const char *what, const char *which, bool open)
{
	fprintf(stderr, "%s %s %s\n", what, which, open ? "OPEN" : "closed");
}

static void
try_file(const char *how, const char *path)
{
	struct stat before = { 0 }, after = { 0 };
	const int cut = strcmp(how, "cut") == 0; /* with the access mode that is none */
	int flags = cut                           ? O_ACCMODE | O_TRUNC
	            : strcmp(how, "write") == 0   ? O_WRONLY | O_CREAT
	            : strcmp(how, "shorten") == 0 ? O_RDONLY | O_TRUNC
	                                          : O_RDONLY;
	int file;

	stat(path, &before);
	if (strcmp(how, "execute") == 0) {
		pid_t child = fork();
		int status = 0;

		if (child == 0) {
			execl(path, path, "-c", "exit 33", (char *)NULL);
			_exit(77);
		}
		waitpid(child, &status, 0);
		tell(how, path, !WIFEXITED(status) || WEXITSTATUS(status) != 77);
		return;
	}
	if (strcmp(how, "change") == 0) {
		chmod(path, 0777);
		if (truncate(path, 0) == 0 || rename(path, "moved") == 0 || unlink(path) == 0)
			tell(how, path, true);
		stat(path, &after);
		tell(how, path, before.st_mode != after.st_mode || before.st_size != after.st_size);
		return;
	}
	/* With O_CLOEXEC as a library would, and as a source file is opened. */
	for (int i = 0; i < 2; i++) {
		file = open(path, flags | (i ? O_CLOEXEC : 0), 0600);
		stat(path, &after);
		tell(how, path, file >= 0 || after.st_size < before.st_size);
		if (file >= 0)
			close(file);
	}
}

static void
try_calls(bool is_engine)
{
	static char bytes[4096];
	struct rlimit limit;
	bool inherited = false;
	int forks = 0, file;
	long written = 0;

	/* Up to 5 are the engine's; a library may have opened none yet. */
	for (int i = 6; i < 256; i++)
		inherited |= fcntl(i, F_GETFD) >= 0;
	tell("descriptors", "", inherited);
	tell("socket", "inet", socket(AF_INET, SOCK_STREAM, 0) >= 0);
	tell("socket", "unix", socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
	tell("setsid", "", setsid() >= 0);
	tell("setpgid", "", setpgid(0, 0) == 0);
	tell("kill", "parent", kill(getppid(), 0) == 0);
	tell("kill", "init", kill(1, 0) == 0);
	tell("kill", "by a file", fcntl(STDERR_FILENO, F_SETOWN, getppid()) == 0);
	tell("limit", "parent", prlimit(getppid(), RLIMIT_CORE, NULL, &limit) == 0);
	tell("slow", "parent", setpriority(PRIO_PROCESS, (id_t)getppid(), 1) == 0);
	tell("shared memory", "", shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600) >= 0);
	tell("terminals", "", open("/dev/pts/0", O_RDONLY | O_NOCTTY | O_CLOEXEC) >= 0);
	tell("ptrace", "parent", ptrace(PTRACE_SEIZE, getppid(), 0, 0) == 0);
	tell("unshare", "user", unshare(CLONE_NEWUSER) == 0);
	tell("mount", "", mount("none", "/mnt", "tmpfs", 0, NULL) == 0 && umount("/mnt") == 0);
	tell("chroot", "", chroot("/") == 0);
	tell("symlink", "", symlink("/etc/passwd", "link") == 0);
	tell("mkfifo", "", mkfifo("fifo", 0600) == 0);
	tell("memfd", "", syscall(SYS_memfd_create, "x", 0) >= 0);
	tell("bpf", "", syscall(SYS_bpf, 0, 0, 0) >= 0);
	tell("type", "",
	        ioctl(open("/dev/ptmx", O_RDWR | O_NOCTTY), TIOCSTI, "x") == 0 || errno == EIO);
	if (is_engine)
		return;
	tell("memory", "",
	        mmap(NULL, 2ul << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	                MAP_FAILED);
	signal(SIGXFSZ, SIG_IGN);
	file = open("large", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (ssize_t got; (got = write(file, bytes, sizeof(bytes))) > 0 && written < FILE_BYTES;)
		written += got;
	tell("file size", "", written >= FILE_BYTES);
	/* These stay, and nothing that is asked of them ends them. */
	for (; forks < FORKS; forks++) {
		pid_t child = fork();

		if (child < 0)
			break;
		if (child == 0) {
			for (int number = 1; number < 32; number++)
				signal(number, SIG_IGN);
			setsid();
			for (;;)
				pause();
		}
	}
	tell("forks", "", forks == FORKS);
}

int
main(int argc, char **argv)
{
	char tries[] = TRIES, *rest;

	if (argc > 1 && strcmp(argv[1], "-print-search-dirs") == 0) {
		execl("/usr/bin/gcc", "/usr/bin/gcc", argv[1], (char *)NULL);
		return 1;
	}
	/* An engine is asked for its version before it sees anything of a submission. */
	if (IS_ENGINE && argc > 1 && strcmp(argv[1], "-help") == 0) {
		puts("Bochs x86 Emulator 2.7");
		return 0;
	}
	for (char *how = strtok_r(tries, ": ", &rest); how; how = strtok_r(NULL, ": ", &rest))
		try_file(how, strtok_r(NULL, ": ", &rest));
	try_calls(IS_ENGINE);
	return 1;
}
