/* The record stream's parser: what it takes, and that it takes nothing else for a pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "base/util.h"
#include "stream/stream.h"

#define HEAD    "TAP version 14\n# r33 stream 1\n# machine vendor=GenuineIntel vmx=1\n"
#define PLAN    "1..3\n"
#define CASE_1  "# case 1 \"first\" lab=1 points=5\n# first-entry\n"
#define BLOCK_1 "  ---\n  lab: 1\n  case: \"first\"\n  points: 5\n  outcome: passed\n  ...\n"
#define POINT_1 "ok 1 - the first case\n" BLOCK_1
#define SKIP_2  "# case 2 \"second\" lab=1 points=7\nok 2 - the second case # SKIP no such mode\n"
#define CASE_3  "# case 3 \"third\"\n"
#define POINT_3 \
	"not ok 3 - the third case\n  ---\n  lab: 1\n  case: \"third\"\n  points: 6\n" \
	"  outcome: lab-fault\n  message: \"it broke\"\n  ...\n"
#define END   "# end status=0\n"
#define WHOLE HEAD PLAN CASE_1 POINT_1 SKIP_2 CASE_3 POINT_3 END

/* How often each event came. */
struct counts {
	int events[STREAM_MALFORMED + 1];
};

/* Count an event. */
static void
count_event(void *context, enum stream_event event, const struct stream *stream, const char *text)
{
	struct counts *counts = context;

	assert_non_null(stream);
	assert_non_null(text);
	counts->events[event]++;
}

/* Parse the text in pieces of this length. */
static struct stream *
parse_bytes(const char *text, size_t length, size_t piece, struct counts *counts)
{
	struct stream *stream = stream_new(counts ? count_event : NULL, counts);

	for (size_t i = 0; i < length; i += piece)
		stream_feed(stream, text + i, length - i < piece ? length - i : piece);
	stream_finish(stream);
	return stream;
}

/* Parse the text at once. */
static struct stream *
parse(const char *text)
{
	return parse_bytes(text, strlen(text), strlen(text) + 1, NULL);
}

/* A machine that lives says so between two lines, as often as it likes; inside a test point it does not. */
static void
alive_between_lines(void **state)
{
	struct stream *stream = parse(HEAD PLAN CASE_1 "# alive\n# alive\n" POINT_1 SKIP_2 CASE_3
	                                               "# alive\n" POINT_3 END);

	(void)state;
	assert_null(stream->malformed);
	assert_true(stream->ended);
	assert_string_equal(stream->cases[0].outcome, "passed");
	stream_free(stream);
	stream = parse(HEAD PLAN CASE_1 "ok 1 - the first case\n  ---\n# alive\n");
	assert_non_null(stream->malformed);
	stream_free(stream);
}

/* How many cases passed. */
static int
passed(const struct stream *stream)
{
	int count = 0;

	for (int i = 0; i < stream->planned; i++)
		count += stream->cases[i].status == CASE_PASSED;
	return count;
}

/* The stream is exactly what WHOLE says. */
static void
assert_whole(const struct stream *stream)
{
	assert_false(stream->malformed);
	assert_true(stream->ended);
	assert_int_equal(stream->end_status, 0);
	assert_string_equal(stream->machine, "vendor=GenuineIntel vmx=1");
	assert_int_equal(stream->planned, 3);
	assert_int_equal(stream->cases[0].status, CASE_PASSED);
	assert_int_equal(stream->cases[0].points, 5);
	assert_string_equal(stream->cases[0].title, "the first case");
	assert_int_equal(stream->cases[1].status, CASE_SKIPPED);
	assert_int_equal(stream->cases[1].points, 7);
	assert_string_equal(stream->cases[1].skip_reason, "no such mode");
	assert_int_equal(stream->cases[2].status, CASE_FAILED);
	assert_int_equal(stream->cases[2].lab, 1);
	assert_string_equal(stream->cases[2].outcome, "lab-fault");
	assert_string_equal(object_string(stream->cases[2].details, "message"), "it broke");
}

/* Every event of a whole stream comes once, and every case has its verdict. */
static void
a_whole_stream_is_understood(void **state)
{
	struct counts counts = { { 0 } };
	struct stream *stream = parse_bytes(WHOLE, strlen(WHOLE), strlen(WHOLE), &counts);

	(void)state;
	assert_whole(stream);
	assert_int_equal(counts.events[STREAM_STARTED], 1);
	assert_int_equal(counts.events[STREAM_PLANNED], 1);
	assert_int_equal(counts.events[STREAM_CASE], 3);
	assert_int_equal(counts.events[STREAM_REPORTED], 3);
	assert_int_equal(counts.events[STREAM_FIRST_ENTRY], 1);
	assert_int_equal(counts.events[STREAM_ENDED], 1);
	assert_int_equal(counts.events[STREAM_MALFORMED], 0);
	stream_free(stream);
}

/* The pieces in which bytes arrive do not matter, wherever they are cut. */
static void
pieces_do_not_matter(void **state)
{
	(void)state;
	for (size_t piece = 1; piece <= strlen(WHOLE); piece++) {
		struct stream *stream = parse_bytes(WHOLE, strlen(WHOLE), piece, NULL);

		assert_whole(stream);
		stream_free(stream);
	}
}

/* A stream that ends anywhere has no end and no verdict that was not complete. */
static void
a_cut_stream_passes_nothing_unreported(void **state)
{
	size_t first_verdict = strlen(HEAD PLAN CASE_1 POINT_1);

	(void)state;
	for (size_t length = 0; length < strlen(WHOLE); length++) {
		struct stream *stream = parse_bytes(WHOLE, length, length + 1, NULL);

		assert_false(stream->ended);
		assert_false(stream->malformed);
		assert_int_equal(passed(stream), length >= first_verdict ? 1 : 0);
		stream_free(stream);
	}
}

/* Whatever follows the end line changes nothing. */
static void
nothing_counts_after_the_end(void **state)
{
	struct stream *stream = parse(HEAD PLAN CASE_1 END POINT_1 "garbage\n");

	(void)state;
	assert_true(stream->ended);
	assert_false(stream->malformed);
	assert_int_equal(passed(stream), 0);
	stream_free(stream);
}

/* The kernel's sentence for the user survives, with the status that follows it. */
static void
a_bail_out_is_kept(void **state)
{
	struct stream *stream = parse(HEAD "Bail out! this processor has no VMX\n# end status=3\n");

	(void)state;
	assert_string_equal(stream->bail_out, "this processor has no VMX");
	assert_int_equal(stream->end_status, 3);
	assert_int_equal(stream->planned, -1);
	stream_free(stream);
}

/* A stream and what is wrong with it. */
struct hostile {
	const char *text, *problem;
};

static const struct hostile hostile[] = {
	{ "TAP version 13\n", "line 1 of the record stream: not 'TAP version 14'" },
	{ "TAP version 14 \n", "not 'TAP version 14'" },
	{ "\n" HEAD, "not 'TAP version 14'" },
	{ "TAP version 14\n# r33 stream 2\n", "not version 1" },
	{ "TAP version 14\n1..3\n", "a plan before" },
	{ HEAD "1..1001\n", "the plan is not" },
	{ HEAD "1..-1\n", "the plan is not" },
	{ HEAD "1..\n", "the plan is not" },
	{ HEAD "1..3x\n", "the plan is not" },
	{ HEAD "1..99999999999999999999\n", "the plan is not" },
	{ HEAD PLAN PLAN, "a second plan" },
	{ HEAD CASE_1, "a case before the plan" },
	{ HEAD PLAN "ok 1 - forged\n" BLOCK_1, "was not announced" },
	{ HEAD PLAN "# case 4 \"x\"\n", "was not planned" },
	{ HEAD PLAN "# case 0 \"x\"\n", "without a number" },
	{ HEAD PLAN "# case 1 x\n", "without a number and a name" },
	{ HEAD PLAN "# case 1 \"\"\n", "invalid name or number" },
	{ HEAD PLAN "# case 1 \"x\n", "invalid name or number" },
	{ HEAD PLAN "# case 1 \"a\\\"b\"\n", "invalid name or number" },
	{ HEAD PLAN "# case 1 \"a\\n\"\n", "invalid name or number" },
	{ HEAD PLAN "# case 1 \"x\" lab=100 points=1\n", "invalid name or number" },
	{ HEAD PLAN "# case 1 \"x\" lab=1 points=10001\n", "invalid name or number" },
	{ HEAD PLAN "# case 1 \"x\" lab=1\n", "invalid name or number" },
	{ HEAD PLAN CASE_1 "# case 2 \"second\"\n",
	        "the one announced before it has not reported" },
	{ HEAD PLAN "# case 1 \"x\"\n# case 1 \"x\"\n", "the one announced before it" },
	{ HEAD PLAN CASE_1 POINT_1 POINT_1, "was already reported" },
	{ HEAD PLAN CASE_1 POINT_1 CASE_1, "was already reported" },
	{ HEAD PLAN CASE_1 "ok 2 - another\n", "was not announced" },
	{ HEAD PLAN CASE_1 "ok 1\n", "without a number and a title" },
	{ HEAD PLAN CASE_1 "ok x - title\n", "without a number and a title" },
	{ HEAD PLAN CASE_1 "ok 1 - title # TODO later\n", "a directive that is not SKIP" },
	{ HEAD PLAN CASE_1 "not ok 1 - title # SKIP why\n", "a directive that is not SKIP" },
	{ HEAD PLAN CASE_1 "ok 1 - title\n" CASE_3, "without its YAML block" },
	{ HEAD PLAN CASE_1 "ok 1 - title\n  ---\n  lab: 1\nok 2 - x\n",
	        "YAML block without its end" },
	{ HEAD PLAN CASE_1 "not ok 1 - title\n" BLOCK_1, "contradict each other" },
	{ HEAD PLAN CASE_3 "not ok 3 - x\n" BLOCK_1, "a case that was not planned" },
	{ HEAD PLAN "# end status=\n", "without a number" },
	{ HEAD PLAN "# end status=1234567\n", "without a number" },
	{ HEAD PLAN "# first-entry\n# first-entry\n", "'# first-entry' twice" },
	{ HEAD PLAN "hello\n", "not in docs/record-stream.md" },
	{ HEAD PLAN "okay 1 - x\n", "not in docs/record-stream.md" },
};

/* Everything that is not as the page says makes the stream malformed and passes no case. */
static void
hostile_lines_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct stream *stream = parse(hostile[i].text);
		bool announced_third = strstr(hostile[i].text, "# case 3") != NULL;

		if (!stream->malformed)
			fail_msg("taken: %s", hostile[i].text);
		if (!announced_third && !strstr(stream->problem, hostile[i].problem))
			fail_msg("'%s' instead of '%s'", stream->problem, hostile[i].problem);
		assert_false(stream->ended);
		assert_true(passed(stream) <= (strstr(hostile[i].text, POINT_1) != NULL));
		stream_free(stream);
	}
}

/* A test point whose block speaks of another case, or of other points, passes nothing. */
static void
a_block_of_another_case_is_refused(void **state)
{
	static const char *const blocks[] = {
		"  ---\n  lab: 1\n  case: \"other\"\n  points: 5\n  outcome: passed\n  ...\n",
		"  ---\n  lab: 2\n  case: \"first\"\n  points: 5\n  outcome: passed\n  ...\n",
		"  ---\n  lab: 1\n  case: \"first\"\n  points: 6\n  outcome: passed\n  ...\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		char *text = new_string("%sok 1 - first\n%s", HEAD PLAN CASE_1, blocks[i]);
		struct stream *stream = parse(text);

		assert_true(stream->malformed);
		assert_non_null(strstr(stream->problem, "a case other than"));
		assert_int_equal(passed(stream), 0);
		assert_string_equal(stream->cases[0].outcome, "no-report");
		stream_free(stream);
		free(text);
	}
}

/* Lines, blocks and streams have their longest length; beyond it the stream is malformed. */
static void
lengths_are_bounded(void **state)
{
	size_t size = STREAM_LINE_BYTES + 1;
	char *giant = allocate(size + 1, 1);
	char *line = new_string("  %0*d\n", 60000, 0);
	struct stream *stream = parse(HEAD);

	(void)state;
	memset(giant, 'x', size);
	stream_feed(stream, giant, size);
	assert_non_null(strstr(stream->problem, "longer than 64 KiB"));
	stream_free(stream);

	stream = parse(HEAD PLAN CASE_1 "ok 1 - first\n  ---\n");
	for (int i = 0; i < 5; i++)
		stream_feed(stream, line, strlen(line));
	assert_non_null(strstr(stream->problem, "longer than 256 KiB"));
	stream_free(stream);

	stream = parse(HEAD);
	line[0] = '#';
	for (size_t i = 0; i <= STREAM_BYTES / 60000; i++)
		stream_feed(stream, line, strlen(line));
	assert_non_null(strstr(stream->problem, "longer than 32 MiB"));
	stream_free(stream);
	free(giant);
	free(line);
}

/* A NUL cannot hide the rest of a line. */
static void
nuls_are_refused(void **state)
{
	static const char text[] = HEAD PLAN CASE_1 "ok 1 - first\0 # SKIP\n";
	struct stream *stream = parse_bytes(text, sizeof(text) - 1, 7, NULL);

	(void)state;
	assert_non_null(strstr(stream->problem, "a NUL"));
	assert_int_equal(stream->cases[0].status, CASE_MISSING);
	stream_free(stream);
}

/* A last line without its line feed does not count: the number may go on. */
static void
an_unfinished_end_line_is_no_end(void **state)
{
	struct stream *stream = parse(HEAD PLAN "# end status=1");

	(void)state;
	assert_false(stream->ended);
	stream_free(stream);
}

/* The kernel's bench announces no cases, says why, and its comments reach the listener. */
static void
a_bench_stream_is_understood(void **state)
{
	static const char text[] = HEAD "1..0 # SKIP bench\n# first-entry\n"
	                                "# bench start round-trips=10\n# bench end\n" END;
	struct counts counts = { { 0 } };
	struct stream *stream = parse_bytes(text, sizeof(text) - 1, 3, &counts);

	(void)state;
	assert_true(stream->ended);
	assert_int_equal(stream->planned, 0);
	assert_int_equal(counts.events[STREAM_COMMENT], 2);
	stream_free(stream);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alive_between_lines),
		cmocka_unit_test(a_whole_stream_is_understood),
		cmocka_unit_test(pieces_do_not_matter),
		cmocka_unit_test(a_cut_stream_passes_nothing_unreported),
		cmocka_unit_test(nothing_counts_after_the_end),
		cmocka_unit_test(a_bail_out_is_kept),
		cmocka_unit_test(hostile_lines_are_refused),
		cmocka_unit_test(a_block_of_another_case_is_refused),
		cmocka_unit_test(lengths_are_bounded),
		cmocka_unit_test(nuls_are_refused),
		cmocka_unit_test(an_unfinished_end_line_is_no_end),
		cmocka_unit_test(a_bench_stream_is_understood),
	};

	return cmocka_run_group_tests_name("the record stream", tests, NULL, NULL);
}
