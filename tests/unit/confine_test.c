/* What a confined process reaches (tools/r33/process/confine.c).  Each attempt is made in a child. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "process/confine.h"

enum { UNCONFINED = 100 }; /* the child could not be confined */

static char place[] = "/tmp/confine-test-XXXXXX";
static char inside[64], outside[64];

/* The attempt's status: 0 it succeeded, or an errno. */
static int
in_child(const struct confined_files *files, int calls, int (*attempt)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if ((files && !confine_files(files)) ||
		        (calls >= 0 && !confine_calls((enum confined_calls)calls)))
			_exit(UNCONFINED);
		_exit(attempt());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), UNCONFINED);
	return WEXITSTATUS(status);
}

static int
result(int value)
{
	return value < 0 ? errno : 0;
}

static int
read_inside(void)
{
	return result(open(inside, O_RDONLY | O_CLOEXEC));
}
static int
read_outside(void)
{
	return result(open(outside, O_RDONLY | O_CLOEXEC));
}
static int
write_inside(void)
{
	return result(open(inside, O_WRONLY | O_CLOEXEC));
}
static int
shorten_inside(void)
{
	return result(open(inside, O_RDONLY | O_TRUNC | O_CLOEXEC));
}
static int
remove_inside(void)
{
	return result(unlink(inside));
}
static int
link_outside(void)
{
	return result(link(outside, inside));
}
static int
execute(void)
{
	return result(execl("/bin/true", "true", (char *)NULL));
}
static int
leave_group(void)
{
	return result(setsid());
}
static int
signal_parent(void)
{
	return result(kill(getppid(), 0));
}
static int
connect_somewhere(void)
{
	return result(socket(AF_INET, SOCK_STREAM, 0));
}
static int
share_memory(void)
{
	return result(memfd_create("surface", 0));
}
static int
allow_all(void)
{
	return result(chmod(outside, 0777));
}
static int
cut(void)
{
	return result(truncate(outside, 0));
}

static bool
is_unchanged(void)
{
	struct stat status;

	return stat(outside, &status) == 0 && (status.st_mode & 0777) == 0600 &&
	       status.st_size == 6;
}

static void
make(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	assert_int_equal(write(file, "secret", 6), 6);
	close(file);
}

static int
set_up(void **state)
{
	char directory[64];

	(void)state;
	if (!mkdtemp(place))
		return -1;
	snprintf(directory, sizeof(directory), "%s/in", place);
	snprintf(inside, sizeof(inside), "%s/in/file", place);
	snprintf(outside, sizeof(outside), "%s/out", place);
	if (mkdir(directory, 0700) != 0)
		return -1;
	make(inside);
	make(outside);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(inside);
	unlink(outside);
	*strrchr(inside, '/') = '\0';
	rmdir(inside);
	return rmdir(place);
}

/* Only files that are named can be reached, and only as it was said. */
static void
files_are_closed_but_those_named(void **state)
{
	char directory[64];
	struct confined_files files = { 0 };

	(void)state;
	if (confinement_support()->landlock == 0)
		skip();
	snprintf(directory, sizeof(directory), "%s/in", place);
	confined_add(&files, directory, FILE_READ);
	confined_add(&files, "/not/there", FILE_READ);
	assert_int_equal(in_child(&files, -1, read_inside), 0);
	assert_int_equal(in_child(&files, -1, write_inside), EACCES);
	assert_int_equal(in_child(&files, -1, remove_inside), EACCES);
	assert_int_equal(in_child(&files, -1, read_outside), EACCES);
	assert_int_equal(in_child(&files, -1, execute), EACCES);
	files.files[0].access = FILE_WRITE;
	assert_int_equal(in_child(&files, -1, write_inside), 0);
	assert_int_not_equal(in_child(&files, -1, link_outside), 0);
	assert_int_equal(in_child(&files, -1, execute), EACCES);
	assert_true(is_unchanged());
}

/* Without a file named nothing is within reach. */
static void
no_file_is_left_by_an_empty_list(void **state)
{
	static const struct confined_files nothing;

	(void)state;
	if (confinement_support()->landlock == 0)
		skip();
	assert_int_equal(in_child(&nothing, -1, read_inside), EACCES);
	assert_int_equal(in_child(&nothing, -1, read_outside), EACCES);
}

/* System calls by which a process would survive, or reach others, are gone for compilers and engines. */
static void
calls_are_closed(void **state)
{
	static const enum confined_calls kinds[] = { CALLS_OF_TOOLS, CALLS_OF_ENGINE };

	(void)state;
	if (!confinement_support()->seccomp)
		skip();
	for (size_t i = 0; i < 2; i++) {
		assert_int_not_equal(in_child(NULL, (int)kinds[i], leave_group), 0);
		assert_int_not_equal(in_child(NULL, (int)kinds[i], signal_parent), 0);
		assert_int_not_equal(in_child(NULL, (int)kinds[i], connect_somewhere), 0);
		assert_int_not_equal(in_child(NULL, (int)kinds[i], cut), 0);
		assert_int_not_equal(in_child(NULL, (int)kinds[i], share_memory), 0);
		in_child(NULL, (int)kinds[i], allow_all);
		assert_true(is_unchanged());
		assert_int_equal(in_child(NULL, (int)kinds[i], read_inside), 0);
	}
	assert_int_equal(in_child(NULL, CALLS_OF_ENGINE_WITH_SOCKETS, connect_somewhere), 0);
	assert_int_not_equal(in_child(NULL, CALLS_OF_ENGINE_WITH_SOCKETS, share_memory), 0);
	assert_int_equal(in_child(NULL, CALLS_OF_ENGINE_WITH_DISPLAY, share_memory), 0);
	assert_int_equal(in_child(NULL, CALLS_OF_ENGINE_WITH_DISPLAY, connect_somewhere), 0);
	assert_int_not_equal(in_child(NULL, CALLS_OF_TOOLS, shorten_inside), 0);
}

/* A reader of what is open opens nothing. */
static void
readers_open_nothing(void **state)
{
	(void)state;
	if (!confinement_support()->seccomp)
		skip();
	assert_int_equal(in_child(NULL, CALLS_OF_READER, read_inside), ENOSYS);
	assert_int_equal(in_child(NULL, CALLS_OF_READER, execute), ENOSYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_closed_but_those_named),
		cmocka_unit_test(no_file_is_left_by_an_empty_list),
		cmocka_unit_test(calls_are_closed),
		cmocka_unit_test(readers_open_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
