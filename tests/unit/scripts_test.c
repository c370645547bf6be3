/*
 * Unit tests of two scripts: labs/skeleton.awk, which hides the solutions, and
 * labs/runtime/check-inputs.sh, which keeps a submission from reading what is not its own.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glob.h>
#include <sys/wait.h>
#include <cmocka.h>

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define OUTPUT_BYTES  65536
#define INPUT         UNIT_BUILD "/scripts_test.input"
#define SKELETON      "awk -f labs/skeleton.awk "
#define SHELL_SYNTAX  126 /* this status and larger ones are the shell's own */
#define REFUSAL_START "error: the submission reads "

static char output[OUTPUT_BYTES];

/* Run a command with the shell; its output and errors are in output.  Returns its exit status. */
static int
run(const char *command)
{
	FILE *pipe = popen(command, "r");
	int status;

	assert_non_null(pipe);
	output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
	status = pclose(pipe);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) < SHELL_SYNTAX);
	return WEXITSTATUS(status);
}

static void
write_input(const char *text)
{
	FILE *file = fopen(INPUT, "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, false);
	assert_int_equal(fclose(file), 0);
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

		snprintf(command, sizeof command, "cat '%s'", files.gl_pathv[i]);
		assert_int_equal(run(command), 0);
		strcpy(solution, output);
		snprintf(command, sizeof command, SKELETON "'%s'", files.gl_pathv[i]);
		assert_int_equal(run(command), 0);
		assert_true(strlen(output) > 0 && strlen(output) < strlen(solution));
		assert_null(strstr(output, "//:"));
		assert_null(strstr(output, "//|"));
		assert_non_null(strstr(output, "YOUR CODE HERE"));
	}
	globfree(&files);
}

/* The lists' places: a directory with absolute name, the lab's, and a single file. */
#define PLACES "/tree/include labs/1-lab alone.c"
#define SCRIPT "sh labs/runtime/check-inputs.sh "
#define CHECK  SCRIPT INPUT " -"

/* clang-format off */

static const char *const allowed_lists[] = {
	"",
	"x.o:\n",
	"x.o: labs/1-lab/x.c\n",
	"x.o: labs/1-lab/x.c labs/1-lab/x.h /tree/include/r33/guest.h\n",
	"x.o: labs/1-lab/x.c \\\n labs/1-lab/x.h \\\n  /tree/include/r33/a/b.h\n",
	"labs/1-lab/x.c.o: labs/1-lab/x.c\n",
	"x.o: alone.c labs/1-lab /tree/include\n",
	"x.o:labs/1-lab/x.c\n",
	"x.o:   labs/1-lab/x.c   \\\n\\\n   labs/1-lab/y.h\n",
	"x.o: labs/1-lab/.h\n",
	"x.o: labs/1-lab/*.h\n",
};

/* A list, and the file in it that is nobody's business. */
static const struct {
	const char *list, *file;
} refused_lists[] = {
	{ "x.o: /etc/passwd\n", "/etc/passwd" },
	{ "x.o:/etc/passwd\n", "/etc/passwd" },
	{ "x.o: labs/1-lab/x.c /etc/passwd\n", "/etc/passwd" },
	{ "x.o: /etc/passwd labs/1-lab/x.c\n", "/etc/passwd" },
	{ "x.o: labs/1-lab/x.c \\\n labs/1-lab/y.c \\\n /etc/passwd\n", "/etc/passwd" },
	{ "x.o: labs/1-lab/x.c \\\n /etc/passwd labs/1-lab/y.c\n", "/etc/passwd" },
	{ "x.o: labs/1-lab/x.c \\\n /etc/passwd\\\n", "/etc/passwd" },
	/* Ways around a place. */
	{ "x.o: labs/1-lab/../2-lab/x.c\n", "labs/1-lab/../2-lab/x.c" },
	{ "x.o: /tree/include/../../etc/passwd\n", "/tree/include/../../etc/passwd" },
	{ "x.o: ../labs/1-lab/x.c\n", "../labs/1-lab/x.c" },
	{ "x.o: labs/1-lab/..\n", "labs/1-lab/.." },
	{ "x.o: labs/1-labs/x.c\n", "labs/1-labs/x.c" },
	{ "x.o: labs/1-lab.c\n", "labs/1-lab.c" },
	{ "x.o: labs/2-lab/x.c\n", "labs/2-lab/x.c" },
	{ "x.o: /x/labs/1-lab/x.c\n", "/x/labs/1-lab/x.c" },
	{ "x.o: ./labs/1-lab/x.c\n", "./labs/1-lab/x.c" },
	{ "x.o: /tree/includes/x.h\n", "/tree/includes/x.h" },
	{ "x.o: /tree/x.h\n", "/tree/x.h" },
	{ "x.o: tree/include/x.h\n", "tree/include/x.h" },
	{ "x.o: alone.cc\n", "alone.cc" },
	{ "x.o: alone_c\n", "alone_c" },
	{ "x.o: *\n", "*" },
	/* A colon in a later name does not make a target of what stands before it. */
	{ "x.o: labs/1-lab/x.c \\\n /etc/passwd a:\n", "/etc/passwd" },
	{ "x.o: labs/1-lab/x.c \\\n /etc/passwd labs/1-lab/a: labs/1-lab/b\n", "/etc/passwd" },
	{ "x.o: /etc/passwd a: labs/1-lab/b\n", "/etc/passwd" },
	/* Names with blanks, as compilers write them. */
	{ "x.o: /etc/pass\\ word\n", "/etc/pass\\" },
	{ "x.o: labs/1-lab/a\\ /etc/passwd\n", "/etc/passwd" },
};

/* clang-format on */

/* What lies below the places, or is one, may be read. */
static void
own_files_are_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(allowed_lists); i++) {
		write_input(allowed_lists[i]);
		if (run(CHECK " " PLACES " 2>&1") != 0 || output[0] != '\0')
			fail_msg("\"%s\": %s", allowed_lists[i], output);
	}
}

/* Any other file is refused, wherever it stands in the list, in one line that names it. */
static void
foreign_files_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused_lists); i++) {
		char expected[256];

		write_input(refused_lists[i].list);
		snprintf(expected, sizeof expected, REFUSAL_START "%s; it may",
		        refused_lists[i].file);
		if (run(CHECK " " PLACES " 2>&1") == 0)
			fail_msg("accepted: \"%s\"", refused_lists[i].list);
		if (strncmp(output, expected, strlen(expected)) != 0)
			fail_msg("\"%s\": %s", refused_lists[i].list, output);
		assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
	}
}

/* A place is a name, not a pattern, and without places nothing may be read. */
static void
places_are_names(void **state)
{
	(void)state;
	write_input("x.o: labs/1-lab/x.c\n");
	assert_int_not_equal(run(CHECK " 'labs/*' 2>&1"), 0);
	assert_int_not_equal(run(CHECK " 'labs/1-la?' 2>&1"), 0);
	assert_int_not_equal(run(CHECK " '' 2>&1"), 0);
	assert_int_not_equal(run(CHECK " 2>&1"), 0);
	assert_int_equal(run(CHECK " 'labs/1-lab' 2>&1"), 0);
}

/* A list as the compiler writes it, of a file that includes its own and a foreign header. */
static void
the_compilers_lists_are_understood(void **state)
{
	(void)state;
	write_input("#include \"r33/guest.h\"\n#include \"tests/guests/report.h\"\n");
	assert_int_equal(
	        run("cc -MM -x c -ffreestanding -Ilabs/include -I. " INPUT " >" INPUT ".d"), 0);
	assert_int_not_equal(run(SCRIPT INPUT ".d - labs/include " UNIT_BUILD " 2>&1"), 0);
	assert_non_null(strstr(output, REFUSAL_START "tests/guests/report.h;"));
	assert_int_equal(run(SCRIPT INPUT ".d - labs/include tests/guests " UNIT_BUILD " 2>&1"), 0);
	assert_int_equal(unlink(INPUT ".d"), 0);
}

/* Preprocessed text with line markers, and the file in it that is nobody's business, or NULL. */
static const struct {
	const char *text, *file;
} marked_texts[] = {
	{ "int x;\n", NULL },
	{ "# 1 \"labs/1-lab/x.c\"\n# 1 \"<built-in>\"\n# 1 \"<command-line>\" 2\n", NULL },
	{ "# 1 \"labs/1-lab/x.c\"\n# 7 \"/tree/include/r33/guest.h\" 1 3 4\n", NULL },
	{ "char *a = \"# 1 /etc/passwd\";\n", NULL },
	{ "# 1 \"/etc/passwd\"\n", "/etc/passwd" },
	{ "# 1 \"labs/1-lab/x.c\"\nint x;\n#  12 \"/etc/passwd\" 2\nint y;\n", "/etc/passwd" },
	{ "# 1 \"labs/1-lab/../../etc/passwd\"\n", "labs/1-lab/../../etc/passwd" },
	{ "# 1 \"<standard-input>\"\n", "<standard-input>" },
};

/* Line markers name files too: compilers quote whatever they name. */
static void
line_markers_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(marked_texts); i++) {
		const char *file = marked_texts[i].file;
		char expected[256];

		write_input(marked_texts[i].text);
		snprintf(expected, sizeof expected, REFUSAL_START "%s; it may", file ? file : "");
		if ((run(SCRIPT "/nonexistent " INPUT " " PLACES " 2>&1") == 0) != !file ||
		        strncmp(output, file ? expected : "", file ? strlen(expected) : 1) != 0)
			fail_msg("\"%s\": %s", marked_texts[i].text, output);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(skeletons_are_made),
		cmocka_unit_test(solutions_are_hidden),
		cmocka_unit_test(own_files_are_allowed),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(places_are_names),
		cmocka_unit_test(the_compilers_lists_are_understood),
		cmocka_unit_test(line_markers_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
