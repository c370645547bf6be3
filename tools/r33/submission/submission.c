/* From a student's directory to the files to compile: see submission.h. */
#include "submission.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/util.h"

enum { WHOLE_GUEST_LAB = 9 }; /* it is made of the parts of labs 1 to 7 as well */

void
lab_settle(struct lab *lab, enum build_state state, char *message)
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
	/* __TIMESTAMP__ and #pragma GCC dependency tell when a file was changed: always the same. */
	static const struct timespec times[2] = { { .tv_sec = 946684800 },
		{ .tv_sec = 946684800 } };
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int result = to < 0 ? -errno : 0;
	size_t total = 0;
	ssize_t length;

	while (result == 0 && (length = read(from, bytes, sizeof(bytes))) != 0) {
		if (length < 0)
			result = -errno;
		else if ((total += (size_t)length) > limit)
			result = -EFBIG;
		else if (!write_all(to, bytes, (size_t)length))
			result = -errno;
	}
	if (to >= 0)
		futimens(to, times);
	if (to >= 0 && close(to) != 0 && result == 0)
		result = -errno;
	return result;
}

/* What is wrong with a submission that it cannot be read: the student's fault, or the machine's. */
struct obstacle {
	const char *students; /* a reason; NULL = none */
	int machines;         /* an errno; 0 = none */
};

/* What errno says of a file or directory that could not be opened. */
static struct obstacle
cannot_open(const char *wrong_kind)
{
	if (errno == ENOENT)
		return (struct obstacle){ .students = "is missing" };
	if (errno == ELOOP)
		return (struct obstacle){ .students = "is a symbolic link" };
	if (errno == ENOTDIR || errno == ENXIO)
		return (struct obstacle){ .students = wrong_kind };
	return (struct obstacle){ .machines = errno };
}

/* Open a regular file of a student: no link, no device, no FIFO. */
static struct obstacle
open_submitted(int directory, const char *name, int *file)
{
	struct stat status;

	*file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*file < 0 || fstat(*file, &status) != 0)
		return cannot_open("is not a regular file");
	if (!S_ISREG(status.st_mode))
		return (struct obstacle){ .students = "is not a regular file" };
	if (status.st_size > LAB_FILE_BYTES)
		return (struct obstacle){ .students = "is larger than 1 MiB" };
	return (struct obstacle){ 0 };
}

/* The lab is lost by the student's fault, or false after a complaint about the machine's. */
static bool
take_obstacle(
        struct lab *lab, const struct obstacle *obstacle, const char *directory, const char *name)
{
	const char *slash = *directory && *name ? "/" : "";

	if (obstacle->machines)
		complain("cannot read %s%s%s of the submission: %s", directory, slash, name,
		        strerror(obstacle->machines));
	else if (obstacle->students)
		lab_settle(lab, BUILD_NO_SUBMISSION,
		        new_string("%s%s%s %s", directory, slash, name, obstacle->students));
	return obstacle->machines == 0;
}

/* Copy one file to the target directory.  False after a complaint about the machine. */
static bool
collect_file(
        struct lab *lab, int directory, const char *shown, const char *name, const char *target)
{
	char *path = new_string("%s/%s", target, name);
	int file, error = 0;
	struct obstacle obstacle = open_submitted(directory, name, &file);

	if (!obstacle.students && !obstacle.machines)
		error = copy_file(file, path, LAB_FILE_BYTES);
	if (error == -EFBIG)
		obstacle.students = "is larger than 1 MiB";
	else if (error)
		obstacle.machines = -error;
	if (file >= 0)
		close(file);
	free(path);
	return take_obstacle(lab, &obstacle, shown, name);
}

/* Copy the lab's files to where they are compiled.  False after a complaint. */
static bool
collect(struct lab *lab, struct compilation *compilation, int directory, const char *shown)
{
	char *target = new_string("%s/labs/%s", compilation->place, lab->directory);
	bool good = true;

	if (mkdir(target, 0700) != 0) {
		complain("cannot make %s: %s", target, strerror(errno));
		good = false;
	}
	for (int i = 0; good && lab_is_gradable(lab) && i < lab->file_count; i++) {
		good = collect_file(lab, directory, shown, lab->files[i], target);
		if (compilation->source_count < MODULE_SOURCES)
			compilation->sources[compilation->source_count++] =
			        new_string("labs/%s/%s", lab->directory, lab->files[i]);
	}
	free(target);
	return good;
}

/* Open the submission's directory.  A link to one could be another student's, or the solution's. */
static int
open_directory(const char *path)
{
	char *name = copy_string(path);
	int directory;

	for (size_t length = strlen(name); length > 1 && name[length - 1] == '/'; length--)
		name[length - 1] = '\0';
	directory = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	free(name);
	return directory;
}

/* Copy the lab's files from the submission.  A submission of one lab may be the files' directory. */
static bool
collect_lab(struct lab *lab, struct compilation *compilation, const char *submission, bool alone)
{
	int top = open_directory(submission);
	const char *shown = lab->directory;
	struct obstacle obstacle;
	int directory;
	bool good;

	lab->state = BUILD_GOOD;
	if (top < 0) {
		complain("cannot open the submission %s: %s", submission,
		        errno == ENOTDIR || errno == ELOOP
		                ? "it is not a directory or a link to one"
		                : strerror(errno));
		return false;
	}
	directory = openat(top, lab->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (directory < 0 && errno == ENOENT && alone) {
		shown = "";
		directory = dup(top);
	}
	if (directory < 0) {
		/* O_DIRECTORY says of a link that it is not a directory. */
		obstacle = cannot_open("is not a directory, or is a link to one");
		good = take_obstacle(lab, &obstacle, shown, "");
	} else {
		good = collect(lab, compilation, directory, shown);
		close(directory);
	}
	close(top);
	return good;
}

bool
lab_is_whole_guest(const struct lab *lab)
{
	return lab->number == WHOLE_GUEST_LAB;
}

/* Lab 9 is linked from the student's files of the labs before it: copy these, too. */
static bool
collect_parts(struct lab *whole, struct compilation *compilation, const char *root,
        const char *submission)
{
	bool good = true;

	for (int number = 1; good && lab_is_gradable(whole) && number <= LAST_PART; number++) {
		struct labs labs;

		good = labs_find(&labs, root, number) &&
		       collect_lab(&labs.labs[0], compilation, submission, false);
		if (good && !lab_is_gradable(&labs.labs[0]))
			lab_settle(whole, BUILD_NO_SUBMISSION,
			        new_string("lab %d needs your parts 1 to %d: %s", whole->number,
			                LAST_PART, labs.labs[0].message));
		labs_free(&labs);
	}
	return good;
}

bool
lab_build_collect(struct lab *lab, struct compilation *compilation, const char *root,
        const char *submission, bool alone, const char *work)
{
	/* A directory of its own: no lab sees what becomes of another, which may be half done. */
	char *place = new_string("%s/lab%d", work, lab->number);
	char *labs = new_string("%s/labs", place);
	bool good = mkdir(place, 0700) == 0 && mkdir(labs, 0700) == 0;

	*compilation = (struct compilation){ .place = place };
	if (!good)
		complain("cannot make %s: %s", labs, strerror(errno));
	good = good && collect_lab(lab, compilation, submission, alone);
	if (good && lab_is_whole_guest(lab))
		good = collect_parts(lab, compilation, root, submission);
	free(labs);
	return good;
}

bool
lab_take_module(struct lab *lab, const char *file, const char *work)
{
	char *path = new_string("%s/lab%d.elf", work, lab->number);
	char *boot = new_string("%s/lab%d.boot.elf", work, lab->number);
	int from = -1;
	int error = 0;

	lab->state = BUILD_NO_MODULE;
	if (strcmp(file, "none") != 0) {
		lab->state = BUILD_PREBUILT;
		from = open(file, O_RDONLY | O_CLOEXEC);
		error = from < 0 ? -errno : copy_file(from, path, MODULE_BYTES);
		if (!error && link(path, boot) != 0)
			error = -errno;
		if (error)
			complain("cannot take the module %s: %s", file, strerror(-error));
		if (from >= 0)
			close(from);
	}
	free(boot);
	free(path);
	return error == 0;
}
