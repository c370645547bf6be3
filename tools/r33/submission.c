/* From a student's directory to the files to compile: see submission.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "submission.h"
#include "util.h"

enum {
	MODULE_BYTES = 16 * 1024 * 1024,
	WHOLE_GUEST_LAB = 9, /* it is made of the parts of labs 1 to 7 as well */
};

/* The lab is lost, and why. */
void
lab_lose(struct lab *lab, enum build_state state, char *message)
{
	lab->state = state;
	free(lab->message);
	lab->message = message;
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
			lab_lose(lab, BUILD_NO_SUBMISSION,
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
		lab_lose(lab, BUILD_NO_SUBMISSION,
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

/* Is it made of the student's parts? */
bool
lab_is_whole_guest(const struct lab *lab)
{
	return lab->number == WHOLE_GUEST_LAB;
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
			lab_lose(whole, BUILD_NO_SUBMISSION,
			        new_string("lab %d needs your parts 1 to %d: %s", whole->number,
			                LAST_PART, labs.labs[0].message));
		labs_free(&labs);
	}
	return good;
}

/* Copy the lab's files from the submission to the work directory. */
bool
lab_build_collect(struct lab *lab, struct compilation *compilation, const char *root,
        const char *submission, bool alone, const char *work)
{
	/* A directory of its own: no lab sees what becomes of another, which may be half done. */
	char *place = new_string("%s/lab%d", work, lab->number);
	char *labs = new_string("%s/labs", place);
	bool good = mkdir(place, 0700) == 0 && mkdir(labs, 0700) == 0;

	*compilation = (struct compilation){ .place = place, .output = -1 };
	if (!good)
		complain("cannot make %s: %s", labs, strerror(errno));
	good = good && collect_lab(lab, submission, alone, place);
	if (good && lab_is_whole_guest(lab))
		good = collect_parts(lab, root, submission, place);
	free(labs);
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
