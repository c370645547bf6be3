/* What a user names is written whole or not at all, and nothing else is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

#include <r33/array.h>

#include "base/save.h"
#include "base/util.h"

static char place[] = "/tmp/r33-save-XXXXXX";

/* A directory of its own for every test, which works in it. */
static int
make_place(void **state)
{
	(void)state;
	strcpy(place + strlen(place) - 6, "XXXXXX");
	return mkdtemp(place) && chdir(place) == 0 ? 0 : -1;
}

/* The names of what is there, sorted: "a b ". */
static char *
list(void)
{
	struct dirent **entries;
	int count = scandir(".", &entries, NULL, alphasort);
	char *names = NULL;
	size_t length;
	FILE *out = open_memstream(&names, &length);

	for (int i = 0; i < count; i++) {
		if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0)
			fprintf(out, "%s ", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	fclose(out);
	return names;
}

/* Exactly these names are there. */
static void
assert_there(const char *names)
{
	char *seen = list();

	assert_string_equal(seen, names);
	free(seen);
}

/* Remove it with what is in it. */
static int
remove_place(void **state)
{
	char *names = list();
	char *rest;

	(void)state;
	for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
		(void)remove(name);
	free(names);
	return chdir("/") == 0 && rmdir(place) == 0 ? 0 : -1;
}

static void
write_text(const char *name, const char *text)
{
	FILE *out = fopen(name, "we");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void
assert_text(const char *name, const char *text)
{
	char seen[100] = "";
	FILE *in = fopen(name, "re");

	assert_non_null(in);
	seen[fread(seen, 1, sizeof(seen) - 1, in)] = '\0';
	fclose(in);
	assert_string_equal(seen, text);
}

/* Save this text. */
static bool
save_text(const char *name, const char *text, bool good)
{
	struct save save;
	FILE *out = save_begin(&save, name);

	if (!out)
		return false;
	fputs(text, out);
	return save_end(&save, good);
}

/* A new file has what was written, and the mode that umask says. */
static void
a_file_is_written(void **state)
{
	mode_t mask = umask(027);
	struct stat status;

	(void)state;
	assert_true(save_check("report"));
	assert_there("");
	assert_true(save_text("report", "new", true));
	umask(mask);
	assert_text("report", "new");
	assert_int_equal(stat("report", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_there("report ");
}

/* The old report is there until the new one is complete; whoever has linked it keeps the old one. */
static void
a_file_is_replaced_when_complete(void **state)
{
	struct save save;
	FILE *out;

	(void)state;
	write_text("report", "old");
	assert_int_equal(link("report", "linked"), 0);
	out = save_begin(&save, "./report");
	fputs("new", out);
	fflush(out);
	assert_text("report", "old");
	assert_true(save_end(&save, true));
	assert_text("report", "new");
	assert_text("linked", "old");
	assert_there("linked report ");
}

/* A writer that fails leaves the old report, and no half of the new one. */
static void
a_failure_leaves_the_old_one(void **state)
{
	(void)state;
	write_text("report", "old");
	assert_false(save_text("report", "new", false));
	assert_text("report", "old");
	assert_false(save_text("other", "new", false));
	assert_there("report ");
}

/* Nor does a disk that is full, or a limit. */
static void
a_full_disk_leaves_the_old_one(void **state)
{
	struct rlimit limit, small;
	char *text = allocate(100001, 1);
	bool saved;

	(void)state;
	memset(text, 'x', 100000);
	write_text("report", "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = limit;
	small.rlim_cur = 1000;
	setrlimit(RLIMIT_FSIZE, &small);
	saved = save_text("report", text, true);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_false(saved);
	assert_text("report", "old");
	assert_there("report ");
	free(text);
}

/* A symbolic link is not followed, wherever it leads, and whenever it came. */
static void
a_link_is_refused(void **state)
{
	struct save save;
	FILE *out;

	(void)state;
	write_text("neighbour", "theirs");
	assert_int_equal(symlink("neighbour", "report"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_false(save_check("report"));
	assert_false(save_text("report", "new", true));
	assert_false(save_text("dangling", "new", true));
	assert_text("neighbour", "theirs");
	out = save_begin(&save, "late");
	fputs("new", out);
	assert_int_equal(symlink("neighbour", "late"), 0);
	assert_false(save_end(&save, true));
	assert_text("neighbour", "theirs");
	assert_there("dangling late neighbour report ");
}

/* Nothing but a regular file is written to, and r33 does not wait at a FIFO for a reader. */
static void
only_files_are_written(void **state)
{
	static const char *const others[] = { "fifo", "directory", "directory/", "", "none/report",
		"fifo/report" };

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("directory", 0700), 0);
	alarm(10);
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_false(save_check(others[i]));
		assert_false(save_text(others[i], "new", true));
	}
	alarm(0);
	assert_there("directory fifo ");
}

/* Devices and descriptors that are named as such are written to as they are. */
static void
devices_are_written_as_they_are(void **state)
{
	char path[32];
	int file = open("opened", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	assert_true(save_check("/dev/null"));
	assert_true(save_text("/dev/null", "new", true));
	snprintf(path, sizeof(path), "/dev/fd/%d", file);
	assert_true(save_check(path));
	assert_true(save_text(path, "one", true));
	assert_true(save_text(path, "two", true));
	assert_text("opened", "onetwo");
	close(file);
	assert_false(save_check(path));
	assert_false(save_text(path, "new", true));
	assert_false(save_check("/dev/fd/../null"));
}

/* Ctrl-C ends r33 when the temporary file is gone. */
static void
a_signal_leaves_nothing(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	(void)state;
	write_text("report", "old");
	for (size_t i = 0; i < COUNT(signals); i++) {
		int status;
		pid_t child = fork();

		if (child == 0) {
			struct save save;
			FILE *out = save_begin(&save, "report");

			signal(signals[i], SIG_DFL);
			fputs("new", out);
			raise(signals[i]);
			save_end(&save, true);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_text("report", "old");
		assert_there("report ");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_written, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
		        a_file_is_replaced_when_complete, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
		        a_failure_leaves_the_old_one, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
		        a_full_disk_leaves_the_old_one, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_link_is_refused, make_place, remove_place),
		cmocka_unit_test_setup_teardown(only_files_are_written, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
		        devices_are_written_as_they_are, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_signal_leaves_nothing, make_place, remove_place),
	};

	return cmocka_run_group_tests_name("saved files", tests, NULL, NULL);
}
