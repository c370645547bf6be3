/* The overview of several labs: it fits on a screen, and says what was lost first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/report.h"

enum { CASES = 20, LINES = 22, COLUMNS = 80 };

static const char *backend = "processor";

/* A stream of this many labs; each loses this many of its cases, with this outcome and message. */
static char *
stream_text(int labs, int lost, const char *outcome, const char *message)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int number = 0;

	fprintf(out, "TAP version 14\n# r33 stream 1\n# machine backend=%s ept=0\n1..%d\n", backend,
	        labs * CASES);
	for (int lab = 1; lab <= labs; lab++) {
		for (int i = 0; i < CASES; i++) {
			bool fails = i < lost;

			fprintf(out, "# case %d \"lab-%d-case-%d\" lab=%d points=5\n", ++number,
			        lab, i, lab);
			fprintf(out, "%s %d - t\n  ---\n  lab: %d\n  case: \"lab-%d-case-%d\"\n",
			        fails ? "not ok" : "ok", number, lab, lab, i);
			fprintf(out, "  points: 5\n  outcome: %s\n", fails ? outcome : "passed");
			if (fails)
				fprintf(out, "  message: \"%s\"\n", message);
			fputs("  ...\n", out);
		}
	}
	fputs("# end status=0\n", out);
	fclose(out);
	return text;
}

/* The overview of such a run. */
static char *
overview(int labs, int lost, const char *outcome, const char *message)
{
	struct grade *grade = allocate(1, sizeof(*grade));
	char *stream = stream_text(labs, lost, outcome, message);
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	grade->engine = "bochs";
	grade->cpu = "core2_penryn_t9600";
	for (int i = 0; i < labs; i++)
		grade->labs.labs[i] = (struct lab){ .number = i + 1,
			.directory = new_string("%d-from-real-mode-to-long-mode", i + 1),
			.state = BUILD_GOOD,
			.message = copy_string("x.c:1: warning") };
	grade->labs.count = labs;
	grade->stream = stream_new(NULL, NULL);
	stream_feed(grade->stream, stream, strlen(stream));
	assert_true(grade->stream->ended);
	grade_assemble(grade);
	assert_true(report_overview(out, grade));
	fclose(out);
	grade_free(grade);
	free(grade);
	free(stream);
	return text;
}

/* Nine labs, everything lost, warnings of all kinds, sentences of any length: still one screen. */
static void
fits_on_a_screen(const char *rest)
{
	static const char *const messages[] = { "no",
		"a sentence that is much longer than what is left of a line, with \xc3\xa4\xc3\xb6"
		"\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc at its end, and a lot behind that",
		"two\\nlines", "\\x1b[2J\\x1b[2J\\x1b[2J\\x1b[2J\\x1b[2J\\x1b[2J\\x1b[2J\\x1b[2J" };

	for (size_t i = 0; i < 4; i++) {
		char *text = overview(9, CASES, "wrong-state", messages[i]);
		int lines = 0;

		for (char *line = text; *line; line = strchr(line, '\n') + 1) {
			int columns = 0;

			for (char *at = line; *at != '\n'; at++) {
				assert_in_range((unsigned char)*at, ' ', 0xff);
				columns += (*at & 0xc0) != 0x80;
			}
			lines += columns > COLUMNS ? 2 : 1;
			if (columns > COLUMNS && strncmp(line, "Warning:", 8) != 0)
				fail_msg("%d columns: %.*s", columns, (int)strcspn(line, "\n"),
				        line);
		}
		if (lines > LINES)
			fail_msg("%d lines:\n%s", lines, text);
		assert_non_null(strstr(text, "  1 lab-1-case-0 "));
		assert_non_null(strstr(text, rest));
		assert_non_null(strstr(text, "--details"));
		assert_non_null(strstr(text, "Warning: this processor has no EPT"));
		free(text);
	}
}

static void
it_fits_on_a_screen(void **state)
{
	(void)state;
	fits_on_a_screen("  and 178 more\n");
	backend = "svm";
	fits_on_a_screen("  and 179 more\n");
	backend = "processor";
}

/* A lab that is not begun is one line, not one for each case. */
static void
labs_not_begun_are_a_line_each(void **state)
{
	char *text = overview(3, CASES, "not-written", "unwritten");

	(void)state;
	assert_non_null(strstr(text, "Lab 3:   0 of 100 points"));
	assert_non_null(strstr(text, "Total:   0 of 100 points  0 of 300 in all labs"));
	assert_non_null(strstr(text, "\n  3 all 20 cases "));
	assert_null(strstr(text, "more\n"));
	free(text);
}

/* What was earned is counted; all lost cases are named where there is room for them. */
static void
lost_cases_are_named(void **state)
{
	char *text = overview(2, 2, "wrong-state", "it is so");

	(void)state;
	assert_non_null(strstr(text, "Lab 1:  90 of 100 points"));
	assert_non_null(strstr(text, "Total:  90 of 100 points  180 of 200 in all labs"));
	assert_non_null(strstr(text, "\n  1 lab-1-case-1                it is so\n"
	                             "  2 lab-2-case-0                it is so\n"));
	assert_null(strstr(text, "lab-1-case-2"));
	assert_null(strstr(text, "more\n"));
	free(text);
	text = overview(2, 0, "", "");
	assert_null(strstr(text, "Lost"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_fits_on_a_screen),
		cmocka_unit_test(labs_not_begun_are_a_line_each),
		cmocka_unit_test(lost_cases_are_named),
	};

	return cmocka_run_group_tests_name("the overview", tests, NULL, NULL);
}
