/* From a student's directory to a module: see submission.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "process.h"
#include "submission.h"
#include "util.h"

enum {
	COMPILE_CPU_S = 10,
	COMPILE_WALL_MS = 30000,
	COMPILE_FILE_BYTES = 16 * 1024 * 1024,
	MODULE_BYTES = 16 * 1024 * 1024,
	WHOLE_GUEST_LAB = 9, /* it is made of the parts of labs 1 to 7 as well */
	LAST_PART = 7,
};

static const uint64_t compile_memory_bytes = 2ull * 1024 * 1024 * 1024;

/* What the compiler said; the beginning counts. */
struct messages {
	char bytes[MESSAGE_BYTES + 1];
	size_t length;
	bool truncated;
};

/* The lab is lost, and why. */
static bool
lose(struct lab *lab, enum build_state state, char *message)
{
	lab->state = state;
	free(lab->message);
	lab->message = message;
	return true;
}

/* Copy at most `limit` bytes; negative errno, or 0.  EFBIG: there were more. */
static int
copy_file(int from, const char *path, size_t limit)
{
	static char bytes[64 * 1024];
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int result = to < 0 ? -errno : 0;
	size_t total = 0;
	ssize_t length;

	while (result == 0 && (length = read(from, bytes, sizeof(bytes))) != 0) {
		if (length < 0)
			result = -errno;
		else if ((total += (size_t)length) > limit)
			result = -EFBIG;
		else if (write(to, bytes, (size_t)length) != length)
			result = -ENOSPC;
	}
	if (to >= 0 && close(to) != 0 && result == 0)
		result = -errno;
	return result;
}

/* Open a regular file of a student: no link, no device, no FIFO.  NULL or the reason why not. */
static const char *
open_submitted(int directory, const char *name, int *file)
{
	struct stat status;

	*file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*file < 0)
		return errno == ENOENT  ? "is missing"
		       : errno == ELOOP ? "is a symbolic link, not a file"
		                        : strerror(errno);
	if (fstat(*file, &status) != 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "is not a regular file";
	return status.st_size > LAB_FILE_BYTES ? "is larger than 1 MiB" : NULL;
}

/* Copy the lab's files into the work directory.  False after a complaint. */
static bool
collect(struct lab *lab, int directory, const char *shown, const char *work)
{
	char *target = new_string("%s/labs/%s", work, lab->directory);
	bool good = true;

	if (mkdir(target, 0700) != 0) {
		complain("cannot make %s: %s", target, strerror(errno));
		good = false;
	}
	for (int i = 0; good && lab_is_gradable(lab) && i < lab->file_count; i++) {
		char *path = new_string("%s/%s", target, lab->files[i]);
		int file;
		const char *reason = open_submitted(directory, lab->files[i], &file);
		int error = reason ? 0 : copy_file(file, path, LAB_FILE_BYTES);

		if (reason || error == -EFBIG) {
			lose(lab, BUILD_NO_SUBMISSION,
			        new_string("%s%s%s %s", shown, *shown ? "/" : "", lab->files[i],
			                reason ? reason : "is larger than 1 MiB"));
		} else if (error) {
			complain("cannot copy %s%s%s: %s", shown, *shown ? "/" : "", lab->files[i],
			        strerror(-error));
			good = false;
		}
		if (file >= 0)
			close(file);
		free(path);
	}
	free(target);
	return good;
}

/* Collect what make and the compiler say; their beginning tells more than their end. */
static void
take_messages(void *context, const char *bytes, size_t length)
{
	struct messages *messages = context;

	for (size_t i = 0; i < length; i++) {
		if (messages->length == MESSAGE_BYTES) {
			messages->truncated = true;
			return;
		}
		messages->bytes[messages->length++] = bytes[i] ? bytes[i] : ' ';
	}
}

/* Cut make's own last word off: "make: *** [...] Error 1" tells a student nothing. */
static void
cut_make(char *said)
{
	static const char word[] = "make: *** ";
	char *line = said;

	while (line) {
		if (strncmp(line, word, strlen(word)) == 0) {
			*line = '\0';
			return;
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

/* The messages without the name of the work directory, which differs from run to run. */
static char *
plain_messages(const struct messages *messages, const char *work)
{
	size_t prefix = strlen(work);
	const char *from = messages->bytes;
	const char *hit;
	char *plain = NULL;
	size_t length;
	FILE *out = open_memstream(&plain, &length);

	if (!out)
		return copy_string("");
	for (; (hit = strstr(from, work)); from = hit + prefix + (hit[prefix] == '/'))
		fwrite(from, 1, (size_t)(hit - from), out);
	fputs(from, out);
	if (messages->truncated)
		fputs("\n[and more]\n", out);
	fclose(out);
	cut_make(plain);
	return plain;
}

/* Run make for the lab.  How it went, with what it said. */
static enum wait_result
run_make(const struct lab *lab, const char *root, const char *work, struct child *child,
        struct messages *messages)
{
	char *module_mk = new_string("%s/labs/module.mk", root);
	char *root_variable = new_string("ROOT=%s", root);
	char *lab_variable = new_string("LAB=%s", lab->directory);
	char *path_variable =
	        new_string("PATH=%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char *temporary_variable = new_string("TMPDIR=%s", work);
	const char *const argv[] = { "make", "-s", "--no-print-directory", "-f", module_mk,
		root_variable, lab_variable, NULL };
	const char *const environment[] = { path_variable, "LC_ALL=C", "HOME=/nonexistent",
		temporary_variable, NULL };
	struct spawn spawn = { .argv = argv,
		.environment = environment,
		.directory = work,
		.files = { -1, -1, -1, -1, -1, -1 },
		.limits = { COMPILE_CPU_S, compile_memory_bytes, COMPILE_FILE_BYTES } };
	struct wait wait = { .deadline_ms = now_ms() + COMPILE_WALL_MS };
	enum wait_result result = WAIT_STOPPED;
	int error, ends[2] = { -1, -1 };

	error = process_pipe(ends) ? 0 : errno;
	if (!error) {
		spawn.files[STDOUT_FILENO] = spawn.files[STDERR_FILENO] = ends[1];
		wait.channels[0] = (struct channel){ ends[0], take_messages, messages };
		error = process_start(child, &spawn);
		close(ends[1]);
	}
	if (error)
		complain("cannot run make: %s", strerror(error));
	else
		result = process_wait(child, &wait);
	process_end(child);
	if (wait.channels[0].take && wait.channels[0].fd >= 0)
		close(wait.channels[0].fd);
	free(module_mk);
	free(root_variable);
	free(lab_variable);
	free(path_variable);
	free(temporary_variable);
	return result;
}

/* Compile what was collected. */
static bool
compile(struct lab *lab, const char *root, const char *work)
{
	struct messages *messages = allocate(1, sizeof(*messages));
	char *module = new_string("%s/lab%d.elf", work, lab->number);
	struct child child = { 0 };
	enum wait_result result = run_make(lab, root, work, &child, messages);
	char *said = plain_messages(messages, work);

	if (result == WAIT_TIMED_OUT) {
		lose(lab, BUILD_DOES_NOT_COMPILE,
		        new_string("the compiler was ended after 30 seconds\n%s", said));
	} else if (result == WAIT_ENDED && WIFSIGNALED(child.wait_status)) {
		lose(lab, BUILD_DOES_NOT_COMPILE,
		        new_string("the compiler was ended by signal %d (%s)\n%s",
		                WTERMSIG(child.wait_status), strsignal(WTERMSIG(child.wait_status)),
		                said));
	} else if (result == WAIT_ENDED &&
	           (WEXITSTATUS(child.wait_status) != 0 || file_size(module) < 0)) {
		lose(lab, BUILD_DOES_NOT_COMPILE,
		        *said ? copy_string(said)
		              : copy_string("the compiler failed without a message"));
	} else if (result == WAIT_ENDED && *said) {
		lab->message = copy_string(said);
	}
	free(said);
	free(module);
	free(messages);
	return result == WAIT_ENDED || result == WAIT_TIMED_OUT;
}

/* Copy the lab's files from the submission to the work directory. */
static bool
collect_lab(struct lab *lab, const char *submission, bool alone, const char *work)
{
	char *shown = copy_string(lab->directory);
	int top = open(submission, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int directory = top < 0 ? -1
	                        : openat(top, lab->directory,
	                                  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool good;

	lab->state = BUILD_GOOD;
	if (top < 0) {
		complain("cannot open the submission %s: %s", submission, strerror(errno));
	} else if (directory < 0 && errno == ENOENT && alone) {
		free(shown);
		shown = copy_string("");
		directory = dup(top);
	} else if (directory < 0) {
		lose(lab, BUILD_NO_SUBMISSION,
		        new_string("%s %s", lab->directory,
		                errno == ENOENT ? "is missing"
		                                : "is not a directory, or a link to one"));
	}
	good = top >= 0 && (directory < 0 || collect(lab, directory, shown, work));
	if (top >= 0)
		close(top);
	if (directory >= 0)
		close(directory);
	free(shown);
	return good;
}

/* Lab 9 is linked from the student's files of the labs before it: copy these, too. */
static bool
collect_parts(struct lab *whole, const char *root, const char *submission, const char *work)
{
	bool good = true;

	for (int number = 1; good && lab_is_gradable(whole) && number <= LAST_PART; number++) {
		struct labs labs;

		good = labs_find(&labs, root, number) &&
		       collect_lab(&labs.labs[0], submission, false, work);
		if (good && !lab_is_gradable(&labs.labs[0]))
			lose(whole, BUILD_NO_SUBMISSION,
			        new_string("lab %d needs your parts 1 to %d: %s", whole->number,
			                LAST_PART, labs.labs[0].message));
		labs_free(&labs);
	}
	return good;
}

/* Copy the lab's files from the submission to the work directory and compile them. */
bool
lab_build(struct lab *lab, const char *root, const char *submission, bool alone, const char *work)
{
	bool whole = lab->number == WHOLE_GUEST_LAB;
	/* What it shares with other labs of the submission must not be in their way. */
	char *place = new_string(whole ? "%s/whole" : "%s", work);
	char *labs = new_string("%s/labs", place);
	char *module = new_string("%s/lab%d.elf", place, lab->number);
	char *target = new_string("%s/lab%d.elf", work, lab->number);
	bool good = !whole || (mkdir(place, 0700) == 0 && mkdir(labs, 0700) == 0);

	if (!good)
		complain("cannot make %s: %s", labs, strerror(errno));
	good = good && collect_lab(lab, submission, alone, place);
	if (good && whole)
		good = collect_parts(lab, root, submission, place);
	if (good && lab_is_gradable(lab))
		good = compile(lab, root, place);
	if (good && whole && lab_is_gradable(lab) && rename(module, target) != 0) {
		complain("cannot move %s: %s", module, strerror(errno));
		good = false;
	}
	free(place);
	free(labs);
	free(module);
	free(target);
	return good;
}

/* Take a prebuilt module, or none for "none". */
bool
lab_take_module(struct lab *lab, const char *file, const char *work)
{
	char *path = new_string("%s/lab%d.elf", work, lab->number);
	int from = -1;
	int error = 0;

	lab->state = BUILD_NO_MODULE;
	if (strcmp(file, "none") != 0) {
		lab->state = BUILD_PREBUILT;
		from = open(file, O_RDONLY | O_CLOEXEC);
		error = from < 0 ? -errno : copy_file(from, path, MODULE_BYTES);
		if (error)
			complain("cannot take the module %s: %s", file, strerror(-error));
		if (from >= 0)
			close(from);
	}
	free(path);
	return error == 0;
}
