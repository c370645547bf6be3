/* Points, exit statuses, and how the ends of a run are told apart. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "parsed_stream.h"
#include "run/grade.h"

#define HEAD "TAP version 14\n# r33 stream 1\n"

/* What wait() gives for an exit status, and for a signal. */
#define EXITED(status) ((status) << 8)

/* A stream, how the engine went, and what that is called. */
static const struct {
	const char *text;
	enum engine_end_kind kind;
	int wait_status;
	bool triple_fault;
	enum run_end end;
	const char *message; /* a part of it; NULL = none */
} runs[] = {
	{ HEAD "1..0\n# end status=0\n", ENGINE_STOPPED, 0, false, RUN_DONE, NULL },
	{ HEAD "1..0\n# end status=0\n", ENGINE_EXITED, EXITED(1), false, RUN_DONE, NULL },
	{ HEAD "1..1\n# end status=0\n", ENGINE_STOPPED, 0, false, RUN_CUT_SHORT,
	        "before every planned case had reported" },
	{ HEAD "# end status=0\n", ENGINE_STOPPED, 0, false, RUN_CUT_SHORT,
	        "before every planned case had reported" },
	{ HEAD "1..1\nBail out! why\n# end status=1\n", ENGINE_STOPPED, 0, false, RUN_HARNESS,
	        "contradicts the processor (a bug in Reason 33, or an unknown engine) "
	        "before the first case: why" },
	{ HEAD "1..1\n# case 1 \"x\"\nBail out! #PF\n# end status=2\n", ENGINE_STOPPED, 0, false,
	        RUN_KERNEL_FAULT, "in case 1 \"x\": #PF" },
	{ HEAD "Bail out! no VMX here\n# end status=3\n", ENGINE_STOPPED, 0, false,
	        RUN_UNSUITABLE_PROCESSOR, "this processor is unsuitable: no VMX here" },
	{ HEAD "Bail out! no lab1\n# end status=4\n", ENGINE_STOPPED, 0, false, RUN_BOOT_MODULES,
	        "refused its boot modules or its command line: no lab1" },
	{ HEAD "1..0\n# end status=5\n", ENGINE_STOPPED, 0, false, RUN_MALFORMED,
	        "an unknown end status" },
	{ HEAD "what?\n", ENGINE_STOPPED, 0, false, RUN_MALFORMED, "line 3" },
	{ HEAD "1..1\n# case 1 \"x\"\n", ENGINE_EXITED, EXITED(1), true, RUN_TRIPLE_FAULT,
	        "in case 1 \"x\"" },
	{ "", ENGINE_EXITED, EXITED(0), true, RUN_TRIPLE_FAULT, "triple-faulted" },
	{ "", ENGINE_EXITED, EXITED(1), false, RUN_NO_BOOT, "bochs ended with status 1" },
	{ "", ENGINE_STALLED, SIGKILL, false, RUN_NO_BOOT, "more than 60 seconds" },
	{ HEAD, ENGINE_STALLED, SIGKILL, false, RUN_HANG, "before the first case" },
	{ HEAD "1..1\n# case 1 \"x\"\n", ENGINE_STALLED, SIGKILL, false, RUN_HANG,
	        "in case 1 \"x\": it was silent for" },
	{ HEAD "1..1\n", ENGINE_EXITED, SIGSEGV, false, RUN_ENGINE_CRASHED, "signal 11" },
	{ "", ENGINE_EXITED, SIGSEGV, false, RUN_ENGINE_CRASHED, "signal 11" },
	{ HEAD "1..1\n# case 1 \"x\"\n", ENGINE_EXITED, EXITED(1), false, RUN_CUT_SHORT,
	        "cut short in case 1 \"x\": bochs ended with status 1" },
	{ "", ENGINE_NOT_STARTED, 0, false, RUN_ENGINE_NOT_STARTED, "could not be started" },
	{ HEAD "1..0\n# end status=0\n", ENGINE_INTERRUPTED, 0, false, RUN_INTERRUPTED,
	        "interrupted" },
};

/* Every way a run can end has its own name and its own sentence. */
static void
ends_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(runs); i++) {
		struct stream *stream = parse(runs[i].text);
		struct engine_end *end = allocate(1, sizeof(*end));
		enum run_end found;
		char *message;

		end->kind = runs[i].kind;
		end->wait_status = runs[i].wait_status;
		end->triple_fault = runs[i].triple_fault;
		end->patience_s = 60;
		found = classify(stream, end);
		message = run_end_message(found, stream, end, "bochs");
		if (found != runs[i].end)
			fail_msg("run %zu: %s, not %s", i, run_end_word(found),
			        run_end_word(runs[i].end));
		if (!message != !runs[i].message)
			fail_msg("run %zu: %s", i, message ? message : "no message");
		if (message && !strstr(message, runs[i].message))
			fail_msg("run %zu: '%s' lacks '%s'", i, message, runs[i].message);
		free(message);
		free(end);
		stream_free(stream);
	}
}

/* A lab of the model. */
static void
add_lab(struct grade *grade, int number, enum build_state state, const char *message)
{
	grade->labs.labs[grade->labs.count++] = (struct lab){ .number = number,
		.directory = new_string("%d-lab", number),
		.state = state,
		.message = copy_string(message) };
}

/* A case of the stream. */
static char *
case_text(int number, int lab, int points, const char *outcome)
{
	bool skip = strcmp(outcome, "skip") == 0;
	/* "2 wrong-rule": it has earned two points. */
	bool part = *outcome >= '0' && *outcome <= '9';
	char *earned = part ? new_string("  earned: %c\n", *outcome) : copy_string("");
	char *block = new_string(
	        "  ---\n  lab: %d\n  case: \"c%d\"\n  points: %d\n%s  outcome: %s\n  ...\n", lab,
	        number, points, earned, part ? outcome + 2 : outcome);
	char *text = new_string("# case %d \"c%d\" lab=%d points=%d\n%sok %d - case%s\n%s", number,
	        number, lab, points, strcmp(outcome, "passed") == 0 || skip ? "" : "not ", number,
	        skip ? " # SKIP why" : "", skip ? "" : block);

	free(block);
	free(earned);
	return text;
}

/* One planned case; outcome NULL = it never reports. */
struct planned {
	int lab, points;
	const char *outcome;
};

/* A grade of these cases, assembled. */
static void
make_grade(struct grade *grade, const struct planned *cases, int count, int end_status)
{
	char *line = new_string(HEAD "1..%d\n", count);

	grade->stream = stream_new(NULL, NULL);
	stream_feed(grade->stream, line, strlen(line));
	free(line);
	for (int i = 0; i < count && cases[i].outcome; i++) {
		line = case_text(i + 1, cases[i].lab, cases[i].points, cases[i].outcome);
		stream_feed(grade->stream, line, strlen(line));
		free(line);
	}
	line = new_string("# end status=%d\n", end_status);
	stream_feed(grade->stream, line, strlen(line));
	free(line);
	assert_false(grade->stream->malformed);
	grade->engine_end.kind = ENGINE_STOPPED;
	grade->end = classify(grade->stream, &grade->engine_end);
	grade_assemble(grade);
}

/* Skipped cases count neither for nor against; the points of 100 are rounded down. */
static void
skipped_cases_do_not_count(void **state)
{
	static const struct planned cases[] = { { 1, 5, "passed" }, { 1, 7, "skip" },
		{ 1, 6, "lab-fault" }, { 1, 82, "passed" } };
	struct grade *grade = allocate(1, sizeof(*grade));
	struct points points;

	(void)state;
	add_lab(grade, 1, BUILD_GOOD, NULL);
	make_grade(grade, cases, 4, 0);
	points = grade_points(grade, 1);
	assert_int_equal(points.earned, 87);
	assert_int_equal(points.possible, 93);
	assert_int_equal(points.scaled, 93); /* 93.5 */
	assert_int_equal(points.skipped, 1);
	assert_int_equal(grade_status(grade), STATUS_POINTS_LOST);
	grade_free(grade);
	free(grade);
}

/* All points but for skipped cases are all points. */
static void
all_points_with_skips_are_all_points(void **state)
{
	static const struct planned cases[] = { { 1, 5, "passed" }, { 1, 95, "skip" } };
	struct grade *grade = allocate(1, sizeof(*grade));

	(void)state;
	add_lab(grade, 1, BUILD_GOOD, NULL);
	make_grade(grade, cases, 2, 0);
	assert_int_equal(grade_points(grade, 0).scaled, 100);
	assert_int_equal(grade_status(grade), STATUS_ALL_POINTS);
	grade_free(grade);
	free(grade);
}

/* What a case has earned partly counts, and does not make it a passed one. */
static void
parts_of_points_count(void **state)
{
	static const struct planned cases[] = { { 1, 4, "2 wrong-rule" }, { 1, 4, "passed" },
		{ 1, 4, "wrong-rule" }, { 8, 6, "5 needless-change" }, { 8, 7, "skip" } };
	struct grade *grade = allocate(1, sizeof(*grade));
	struct points points;

	(void)state;
	add_lab(grade, 1, BUILD_GOOD, NULL);
	add_lab(grade, 8, BUILD_GOOD, NULL);
	make_grade(grade, cases, 5, 0);
	points = grade_points(grade, 1);
	assert_int_equal(points.earned, 6);
	assert_int_equal(points.possible, 12);
	assert_int_equal(points.passed, 1);
	assert_int_equal(points.failed, 2);
	points = grade_points(grade, 0);
	assert_int_equal(points.earned, 11);
	assert_int_equal(points.possible, 18);
	assert_int_equal(points.scaled, 61);
	assert_int_equal(grade_status(grade), STATUS_POINTS_LOST);
	grade_free(grade);
	free(grade);
}

/* A processor on which every case is skipped gives no verdict at all. */
static void
nothing_but_skips_is_no_verdict(void **state)
{
	static const struct planned cases[] = { { 1, 5, "skip" } };
	struct grade *grade = allocate(1, sizeof(*grade));

	(void)state;
	add_lab(grade, 1, BUILD_GOOD, NULL);
	make_grade(grade, cases, 1, 0);
	assert_int_equal(grade_points(grade, 0).scaled, 0);
	assert_int_equal(grade_status(grade), STATUS_ENGINE_OR_FILE);
	grade_free(grade);
	free(grade);
}

/* A planned case that never reported is an error, whatever the kernel's end status says. */
static void
a_missing_case_is_an_error(void **state)
{
	static const struct planned cases[] = { { 1, 5, "passed" }, { 1, 5, NULL } };

	(void)state;
	for (int status = 0; status < 5; status++) {
		struct grade *grade = allocate(1, sizeof(*grade));

		add_lab(grade, 1, BUILD_GOOD, NULL);
		make_grade(grade, cases, 2, status);
		assert_int_equal(grade_points(grade, 1).missing, 1);
		assert_int_equal(grade->cases[1]->status, CASE_MISSING);
		assert_string_equal(grade->cases[1]->outcome, "no-report");
		assert_int_equal(grade_status(grade), STATUS_ENGINE_OR_FILE);
		grade->end = RUN_DONE;
		assert_int_equal(grade_status(grade), STATUS_ENGINE_OR_FILE);
		grade_free(grade);
		free(grade);
	}
}

/* All cases passed are not enough when the run itself went wrong. */
static void
a_run_that_went_wrong_is_an_error(void **state)
{
	static const struct planned cases[] = { { 1, 5, "passed" } };

	(void)state;
	for (int status = 1; status < 6; status++) {
		struct grade *grade = allocate(1, sizeof(*grade));

		add_lab(grade, 1, BUILD_GOOD, NULL);
		make_grade(grade, cases, 1, status);
		assert_int_equal(grade_status(grade), STATUS_ENGINE_OR_FILE);
		grade_free(grade);
		free(grade);
	}
}

/* A lab that was not built has one case of 100 points, lost, in the place of those of the stream. */
static void
an_unbuilt_lab_has_one_lost_case(void **state)
{
	static const struct planned cases[] = { { 1, 5, "passed" }, { 2, 40, "module-missing" },
		{ 2, 60, "module-missing" }, { 3, 9, "passed" } };
	static const enum build_state states[] = { BUILD_DOES_NOT_COMPILE, BUILD_NO_SUBMISSION };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct grade *grade = allocate(1, sizeof(*grade));

		add_lab(grade, 1, BUILD_GOOD, NULL);
		add_lab(grade, 2, states[i], "the reason");
		add_lab(grade, 3, BUILD_GOOD, NULL);
		make_grade(grade, cases, 4, 0);
		assert_int_equal(grade->case_count, 3);
		assert_int_equal(grade->cases[1]->lab, 2);
		assert_string_equal(grade->cases[1]->outcome, build_state_word(states[i]));
		assert_int_equal(grade_points(grade, 2).possible, 100);
		assert_int_equal(grade_points(grade, 2).earned, 0);
		assert_int_equal(grade_status(grade), STATUS_POINTS_LOST);
		grade_free(grade);
		free(grade);
	}
}

/* When no lab was built nothing is booted, and that is a verdict: 0 points. */
static void
nothing_built_is_a_verdict(void **state)
{
	struct grade *grade = allocate(1, sizeof(*grade));

	(void)state;
	add_lab(grade, 1, BUILD_DOES_NOT_COMPILE, "syntax error");
	grade_assemble(grade);
	assert_int_equal(grade->case_count, 1);
	assert_string_equal(object_string(grade->cases[0]->details, "compiler"), "syntax error");
	assert_int_equal(grade_status(grade), STATUS_POINTS_LOST);
	grade_free(grade);
	free(grade);
}

/* What confines neither guests nor the compiler is warned of. */
static void
what_is_not_confined_is_warned_of(void **state)
{
	static const char *const machines[] = { HEAD "# machine vendor=GenuineIntel vmx=1 ept=1\n",
		HEAD "# machine vendor=GenuineIntel vmx=1 ept=0\n" };
	static const struct confinement_support kernels[] = { { 7, true, true }, { 0, true, true },
		{ 7, false, false } };
	struct grade *grade = allocate(1, sizeof(*grade));

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		const char *warning;

		stream_free(grade->stream);
		grade->stream = parse(machines[i / 3]);
		grade->confinement = kernels[i % 3];
		warning = grade_warning(grade);
		if (i == 0)
			assert_null(warning);
		else
			assert_non_null(warning);
		assert_true(!(i / 3) == !(warning && strstr(warning, "no EPT")));
		assert_true(!(i % 3) == !(warning && strstr(warning, "not confined:")));
	}
	grade_free(grade);
	free(grade);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_are_told_apart),
		cmocka_unit_test(skipped_cases_do_not_count),
		cmocka_unit_test(all_points_with_skips_are_all_points),
		cmocka_unit_test(parts_of_points_count),
		cmocka_unit_test(nothing_but_skips_is_no_verdict),
		cmocka_unit_test(a_missing_case_is_an_error),
		cmocka_unit_test(a_run_that_went_wrong_is_an_error),
		cmocka_unit_test(an_unbuilt_lab_has_one_lost_case),
		cmocka_unit_test(nothing_built_is_a_verdict),
		cmocka_unit_test(what_is_not_confined_is_warned_of),
	};

	return cmocka_run_group_tests_name("points and ends", tests, NULL, NULL);
}
