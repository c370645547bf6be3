/* Unit test of a script: labs/skeleton.awk, which hides the solutions. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>

#include <r33/array.h>

#define OUTPUT_BYTES 65536
#define INPUT        UNIT_BUILD "/scripts_test.input"
#define SKELETON     "awk -f labs/skeleton.awk "
#define SHELL_SYNTAX 126 /* this status and larger ones are the shell's own */

static char output[OUTPUT_BYTES];

/* Run a command with the shell; its output and errors are in output.  Returns its exit status. */
static int
run(const char *command)
{
	FILE *pipe = popen(command, "r");
	int status;

	assert_non_null(pipe);
	output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
	status = pclose(pipe);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) < SHELL_SYNTAX);
	return WEXITSTATUS(status);
}

static void
write_input(const char *text)
{
	FILE *file = fopen(INPUT, "w");
	int closed;

	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, false);
	closed = fclose(file);
	assert_int_equal(closed, 0);
}

/* clang-format off */

static const struct {
	const char *solution, *skeleton;
} skeletons[] = {
	{ "", "" },
	{ "int a;\n", "int a;\n" },
	{ "a\n//: solution\nsecret\n//: end\nb\n", "a\nb\n" },
	{ "a\n\t//: solution\n\tsecret\n\t//: skeleton\n\t//| shown\n\t//: end\nb\n", "a\n\tshown\nb\n" },
	{ "//: skeleton\n//| shown\n//: solution\nsecret\n//: end\nb\n", "shown\nb\n" },
	{ " \t //: solution\nsecret\n  //: end\nb\n", "b\n" },
	{ "//: solution\n1\n//: end\na\n//: solution\n2\n//: end\nb\n", "a\nb\n" },
	/* Only the first mark of a line goes, and indentation behind it stays. */
	{ "//: skeleton\n//| if (x)\n//| \ty(); //| z\n//: end\n", "if (x)\n\ty(); //| z\n" },
	{ "//: skeleton\nunmarked\n//: end\n", "unmarked\n" },
	/* Marks elsewhere, and lines that only look like marks, are text. */
	{ "//| a\n", "//| a\n" },
	{ "x; //: solution\ny\n", "x; //: solution\ny\n" },
	{ "//: solution here\ny\n", "//: solution here\ny\n" },
	{ "//: skeleton here\n//| y\n", "//: skeleton here\n//| y\n" },
	{ "// : solution\ny\n", "// : solution\ny\n" },
	/* A solution that is never ended shows nothing more. */
	{ "a\n//: solution\nsecret\nsecret\n", "a\n" },
};

/* clang-format on */

/* Solutions are left out, skeletons put in without their marks, and everything else stays. */
static void
skeletons_are_made(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(skeletons); i++) {
		write_input(skeletons[i].solution);
		assert_int_equal(run(SKELETON INPUT " 2>&1"), 0);
		if (strcmp(output, skeletons[i].skeleton) != 0)
			fail_msg("from \"%s\": \"%s\"", skeletons[i].solution, output);
	}
}

/* From every solution of the tree a part is left out, and no mark is left in. */
static void
solutions_are_hidden(void **state)
{
	static char solution[OUTPUT_BYTES];
	glob_t files;

	(void)state;
	assert_int_equal(glob("solutions/1-*/*.c", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		char command[512];

		snprintf(command, sizeof(command), "cat '%s'", files.gl_pathv[i]);
		assert_int_equal(run(command), 0);
		strcpy(solution, output);
		snprintf(command, sizeof(command), SKELETON "'%s'", files.gl_pathv[i]);
		assert_int_equal(run(command), 0);
		assert_true(strlen(output) > 0 && strlen(output) < strlen(solution));
		assert_null(strstr(output, "//:"));
		assert_null(strstr(output, "//|"));
		assert_non_null(strstr(output, "YOUR CODE HERE"));
	}
	globfree(&files);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(skeletons_are_made),
		cmocka_unit_test(solutions_are_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
