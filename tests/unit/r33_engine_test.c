/* What the reports say of the engine: who refuses an entry, and what of a case it could not show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/report.h"

static const char remark[] =
        "On this engine the rules refuse an entry, not the processor; guests really run.";
static const char note[] =
        "not shown by this engine: segment limits; the fields were compared instead";

/* Two cases with a note, one passed and one not, and one without. */
static const char stream_format[] =
        "TAP version 14\n# r33 stream 1\n%s1..3\n"
        "# case 1 \"good\" lab=3 points=5\nok 1 - a good one\n  ---\n  lab: 3\n  case: \"good\"\n"
        "  points: 5\n  outcome: passed\n  engine_note: \"%s\"\n  ...\n"
        "# case 2 \"bad\" lab=3 points=5\nnot ok 2 - a bad one\n  ---\n  lab: 3\n  case: \"bad\"\n"
        "  points: 5\n  outcome: wrong-state\n  message: \"so\"\n  engine_note: \"%s\"\n  ...\n"
        "# case 3 \"other\" lab=3 points=5\nok 3 - another\n  ---\n  lab: 3\n  case: \"other\"\n"
        "  points: 5\n  outcome: passed\n  ...\n# end status=0\n";

/* The report of a run with this line "# machine". */
static char *
report(const char *format, const char *machine)
{
	struct grade *grade = allocate(1, sizeof(*grade));
	char *stream = new_string(stream_format, machine, note, note);
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	grade->engine = "qemu";
	grade->cpu = "tigerlake";
	for (int i = 0; i < 2; i++)
		grade->labs.labs[i] = (struct lab){ .number = 3 + i,
			.directory = copy_string("3-segment-registers"),
			.state = BUILD_GOOD };
	grade->labs.count = 2;
	grade->stream = stream_new(NULL, NULL);
	stream_feed(grade->stream, stream, strlen(stream));
	assert_true(grade->stream->ended);
	grade_assemble(grade);
	assert_true(report_format_find(format)->write(out, grade, false));
	fclose(out);
	grade_free(grade);
	free(grade);
	free(stream);
	return text;
}

static int
occurrences(const char *text, const char *words)
{
	int count = 0;

	for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
		count++;
	return count;
}

static void
assert_occurrences(const char *format, const char *machine, const char *words, int count)
{
	char *text = report(format, machine);

	if (occurrences(text, words) != count)
		fail_msg("%s, %s: not %d times '%s' in\n%s", format, machine, count, words, text);
	free(text);
}

#define SVM       "# machine backend=svm revision=0x4\n"
#define PROCESSOR "# machine backend=processor revision=0x4\n"

/* Once for the whole report, where it is so. */
static void
the_head_says_who_refuses(void **state)
{
	static const char *const formats[] = { "text", "html", "gradescope" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_occurrences(formats[i], SVM, remark, 1);
		assert_occurrences(formats[i], PROCESSOR, remark, 0);
		assert_occurrences(formats[i], "", remark, 0);
	}
	assert_occurrences("json", SVM, "\"entries_refused_by\": \"rules\"", 1);
	assert_occurrences("json", PROCESSOR, "\"entries_refused_by\": \"processor\"", 1);
	assert_occurrences("json", "", "entries_refused_by", 0);
	assert_occurrences("json", "# machine vendor=GenuineIntel\n", "entries_refused_by", 0);
}

/* A line in each case that has one, also if it is passed. */
static void
a_case_says_what_was_not_shown(void **state)
{
	(void)state;
	assert_occurrences("text", SVM, note, 2);
	assert_occurrences("html", SVM, note, 2);
	assert_occurrences("json", SVM, "\"engine_note\": \"not shown by", 2);
	assert_occurrences("tap", SVM, note, 2);
	assert_occurrences("junit", SVM, note, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_says_who_refuses),
		cmocka_unit_test(a_case_says_what_was_not_shown),
	};

	return cmocka_run_group_tests_name("r33_engine", tests, NULL, NULL);
}
