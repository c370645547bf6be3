/* Files that the user names, written whole or not at all: see save.h. */
#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <r33/array.h>

#include "util.h"

enum { ATTEMPTS = 100 };

/* A descriptor of ours that has a name, or -1: "/dev/fd/3". */
static int
named_descriptor(const char *path)
{
	static const char *const prefixes[] = { "/dev/fd/", "/proc/self/fd/" };
	long number;

	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t length = strlen(prefixes[i]);

		if (strncmp(path, prefixes[i], length) == 0 &&
		        parse_number(path + length, 0, INT32_MAX, &number))
			return (int)number;
	}
	return -1;
}

/* A device that swallows or shows. */
static bool
is_plain_device(const char *path)
{
	return strcmp(path, "/dev/null") == 0 || strcmp(path, "/dev/tty") == 0;
}

/* Is it written to as it is? */
static bool
is_direct(const char *path)
{
	return strcmp(path, "-") == 0 || is_plain_device(path) || named_descriptor(path) >= 0;
}

/* Open what is written to as it is.  NULL with errno. */
static FILE *
open_direct(const char *path)
{
	int descriptor;

	if (strcmp(path, "-") == 0)
		return stdout;
	descriptor = is_plain_device(path)
	                     ? open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)
	                     : fcntl(named_descriptor(path), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return descriptor < 0 ? NULL : fdopen(descriptor, "w");
}

/* The name of the file, after the last slash. */
static const char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Open the directory the file is in. */
static int
open_directory(const char *path)
{
	const char *name = name_of(path);
	char *directory = name == path ? copy_string(".") : copy_bytes(path, (size_t)(name - path));
	int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(directory);
	return descriptor;
}

/* Why the target must not be replaced; NULL if it may. */
static const char *
refusal(int directory, const char *name)
{
	struct stat status;

	if (*name == '\0')
		return strerror(EISDIR);
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? NULL : strerror(errno);
	if (S_ISDIR(status.st_mode))
		return strerror(EISDIR);
	if (S_ISLNK(status.st_mode))
		return "it is a symbolic link; name the file itself";
	if (!S_ISREG(status.st_mode))
		return "it is not a regular file";
	return faccessat(directory, name, W_OK, 0) == 0 ? NULL : strerror(errno);
}

/* Why it cannot be written, or NULL; *directory is open if there is no reason. */
static const char *
find_problem(const char *path, int *directory)
{
	const char *problem;

	*directory = open_directory(path);
	if (*directory < 0)
		return strerror(errno);
	problem = refusal(*directory, name_of(path));
	if (!problem && faccessat(*directory, ".", W_OK | X_OK, 0) != 0)
		problem = strerror(errno);
	if (problem) {
		close(*directory);
		*directory = -1;
	}
	return problem;
}

/* One sentence. */
static void
complain_of(const char *path, const char *problem)
{
	complain("cannot write %s: %s", strcmp(path, "-") == 0 ? "to standard output" : path,
	        problem);
}

bool
save_check(const char *path)
{
	int directory = -1;
	const char *problem = NULL;

	if (is_direct(path)) {
		int descriptor = named_descriptor(path);

		if (descriptor >= 0 && fcntl(descriptor, F_GETFD) < 0)
			problem = strerror(errno);
	} else {
		problem = find_problem(path, &directory);
	}
	if (directory >= 0)
		close(directory);
	if (problem)
		complain_of(path, problem);
	return !problem;
}

/* Who wants to end r33 has to wait until the temporary file is gone: it is a matter of milliseconds. */
static void
block_signals(struct save *save)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < COUNT(signals); i++)
		sigaddset(&blocked, signals[i]);
	sigprocmask(SIG_BLOCK, &blocked, &save->mask);
	/* A limit of the file's size is an error like a full disk. */
	sigaction(SIGXFSZ, &ignore, &save->file_size_action);
}

/* They are let in again: one that has come ends r33 here. */
static void
restore_signals(const struct save *save)
{
	sigaction(SIGXFSZ, &save->file_size_action, NULL);
	sigprocmask(SIG_SETMASK, &save->mask, NULL);
}

/* Is r33 to end? */
static bool
is_interrupted(const struct save *save)
{
	sigset_t pending;

	sigpending(&pending);
	for (int number = 1; number < NSIG; number++) {
		if (number != SIGCHLD && sigismember(&pending, number) == 1 &&
		        sigismember(&save->mask, number) == 0)
			return true;
	}
	return false;
}

/* A new file beside the target, by a name that cannot have been taken before.  NULL with errno. */
static FILE *
open_temporary(struct save *save)
{
	int descriptor = -1;
	uint64_t number;
	FILE *out;

	for (int i = 0; i < ATTEMPTS && descriptor < 0; i++) {
		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			return NULL;
		snprintf(save->temporary, sizeof(save->temporary), ".r33-%016" PRIx64, number);
		descriptor = openat(save->directory, save->temporary,
		        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (descriptor < 0 && errno != EEXIST)
			return NULL;
	}
	out = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (!out && descriptor >= 0) {
		close(descriptor);
		unlinkat(save->directory, save->temporary, 0);
	}
	return out;
}

FILE *
save_begin(struct save *save, const char *path)
{
	const char *problem;

	*save = (struct save){
		.path = path, .direct = is_direct(path), .directory = -1, .name = name_of(path)
	};
	if (save->direct) {
		save->out = open_direct(path);
		if (!save->out)
			complain_of(path, strerror(errno));
		return save->out;
	}
	problem = find_problem(path, &save->directory);
	if (problem) {
		complain_of(path, problem);
		return NULL;
	}
	block_signals(save);
	save->out = open_temporary(save);
	if (!save->out) {
		complain_of(path, strerror(errno));
		restore_signals(save);
		close(save->directory);
	}
	errno = 0;
	return save->out;
}

/* Close what was written to as it is. */
static bool
end_direct(const struct save *save, bool good)
{
	if ((save->out == stdout ? fflush(stdout) : fclose(save->out)) != 0)
		good = false;
	if (!good)
		complain_of(save->path, strerror(errno ? errno : EIO));
	return good;
}

bool
save_end(struct save *save, bool good)
{
	const char *problem = NULL;
	bool interrupted;
	int error = errno;

	if (save->direct)
		return end_direct(save, good);
	if (!good || ferror(save->out))
		problem = strerror(error ? error : EIO);
	if (fclose(save->out) != 0 && !problem)
		problem = strerror(errno);
	if (!problem)
		problem = refusal(save->directory, save->name);
	interrupted = is_interrupted(save);
	if (problem || interrupted) {
		unlinkat(save->directory, save->temporary, 0);
	} else if (renameat(save->directory, save->temporary, save->directory, save->name) != 0) {
		problem = strerror(errno);
		unlinkat(save->directory, save->temporary, 0);
	}
	close(save->directory);
	restore_signals(save);
	if (problem)
		complain_of(save->path, problem);
	return !problem && !interrupted;
}
