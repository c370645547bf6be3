/* The YAML block of a test point: what is taken, and what is refused before it costs anything. */
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

#define MUST "lab: 1\ncase: \"a\"\npoints: 5\noutcome: passed\n"

/* Parse a block; NULL when it was refused. */
static json_t *
parse(const char *text, const char **problem)
{
	*problem = NULL;
	return stream_block_parse(text, strlen(text), problem);
}

/* Every key of docs/record-stream.md is taken, with its type, in the order it came. */
static void
every_documented_key_is_taken(void **state)
{
	static const char text[] = MUST
	        "earned: 0\nfields: \"rw\"\nmessage: \"m\"\nexpected: \"e\"\nhint: \"h\"\n"
	        "exit:\n  reason: 33\n  name: \"n\"\n  entry_failure: true\n"
	        "  qualification: \"0x0\"\n  rip: \"0x1\"\n"
	        "vm_instruction_error:\n  number: 7\n  name: \"n\"\n"
	        "rules:\n  - id: \"CR0-FIXED0\"\n    section: \"27.3.1.1\"\n"
	        "    field: \"GUEST_CR0\"\n    value: \"0x1\"\n    message: \"m\"\n    hint: "
	        "\"h\"\n"
	        "observed:\n  - name: \"CR0\"\n    expected: \"0x1\"\n    got: \"0x0\"\n"
	        "writes:\n  - field: \"GUEST_CR0\"\n    value: \"0x1\"\n    rip: \"0x2\"\n"
	        "    module: lab\n  - field: \"GUEST_CR3\"\n    module: reference\n"
	        "fault:\n  vector: 14\n  name: \"#PF\"\n  error_code: \"0x6\"\n  rip: \"0x3\"\n"
	        "  address: \"0x4\"\n  instruction: \"VMWRITE\"\n  module: lab\n"
	        "violations:\n  - instruction: \"VMWRITE\"\n    message: \"m\"\n    rip: \"0x5\"\n"
	        "    field: \"HOST_RIP\"\n    value: \"0x6\"\n    module: lab\n"
	        "violation_count: 9\noutput: \"a\\nb\\x1b\\\"\\\\\"\noutput_truncated: true\n";
	const char *problem;
	json_t *block = parse(text, &problem);

	(void)state;
	assert_null(problem);
	assert_int_equal(json_object_size(block), 19);
	assert_int_equal(
	        json_integer_value(json_object_get(json_object_get(block, "exit"), "reason")), 33);
	assert_true(json_is_true(json_object_get(json_object_get(block, "exit"), "entry_failure")));
	assert_int_equal(json_array_size(json_object_get(block, "writes")), 2);
	assert_string_equal(object_string(block, "output"), "a\nb\x1b\"\\");
	assert_string_equal(json_object_iter_key(json_object_iter(block)), "lab");
	json_decref(block);
}

/* A NUL and a byte above 7Fh in what a lab printed stay text: U+FFFD, and the code point. */
static void
printed_bytes_become_text(void **state)
{
	const char *problem;
	json_t *block = parse(MUST "output: \"a\\x00b\\xff\"\n", &problem);

	(void)state;
	assert_string_equal(object_string(block, "output"), "a\xef\xbf\xbd"
	                                                    "b\xc3\xbf");
	json_decref(block);
}

/* Every outcome of the table is known; no other word is. */
static void
outcomes_are_those_of_the_table(void **state)
{
	(void)state;
	for (enum case_outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		assert_string_equal(stream_outcome(outcome_words[outcome]), outcome_words[outcome]);
	assert_null(stream_outcome("no-report"));
	assert_null(stream_outcome("PASSED"));
	assert_null(stream_outcome(""));
	assert_null(stream_outcome(NULL));
}

/* A block, and a part of the reason for which it is refused. */
static const struct {
	const char *text, *problem;
} refused[] = {
	{ "", "not one mapping" },
	{ "- 1\n", "not one mapping" },
	{ "just text\n", "not one mapping" },
	{ MUST "---\n" MUST, "not one mapping" },
	{ "lab: 1\ncase: \"a\"\npoints: 5\n", "without a required key" },
	{ "lab: 1\npoints: 5\noutcome: passed\n", "without a required key" },
	{ "lab: 1\ncase: \"a\"\npoints: 5\noutcome: splendid\n", "unknown outcome" },
	{ MUST "lab: 1\n", "unknown or duplicate key" },
	{ MUST "grade: 100\n", "unknown or duplicate key" },
	{ MUST "message: &anchor \"x\"\n", "anchors, aliases or tags" },
	{ MUST "message: *anchor\n", "anchors, aliases or tags" },
	{ MUST "message: !!str x\n", "anchors, aliases or tags" },
	{ MUST "exit: &a\n  reason: 1\n", "anchors, aliases or tags" },
	{ MUST "exit: !t\n  reason: 1\n", "anchors, aliases or tags" },
	{ MUST "rules: &a []\n", "anchors, aliases or tags" },
	{ "lab: -1\ncase: \"a\"\npoints: 5\noutcome: passed\n", "an invalid number" },
	{ "lab: 1.5\ncase: \"a\"\npoints: 5\noutcome: passed\n", "an invalid number" },
	{ "lab: 0x1\ncase: \"a\"\npoints: 5\noutcome: passed\n", "an invalid number" },
	{ "lab: \"1\"\ncase: \"a\"\npoints: 5\noutcome: passed\n", "an invalid number" },
	{ "lab: 99999999999999999999\ncase: \"a\"\npoints: 5\noutcome: passed\n",
	        "an invalid number" },
	{ MUST "output_truncated: yes\n", "other than true or false" },
	{ MUST "fault:\n  module: Lab\n", "an unknown word" },
	{ MUST "message: [1]\n", "wrong structure" },
	{ MUST "message: {a: b}\n", "wrong structure" },
	{ MUST "exit: 33\n", "a scalar where" },
	{ MUST "exit: [1]\n", "wrong structure" },
	{ MUST "rules: {id: x}\n", "wrong structure" },
	{ MUST "rules: [x]\n", "too long or not of mappings" },
	{ MUST "rules: [[[[[[[[[[x]]]]]]]]]]\n", "too long or not of mappings" },
	{ MUST "exit: {reason: {reason: {reason: 1}}}\n", "wrong structure" },
	{ MUST "rules:\n  - field: \"x\"\n", "without a required key" },
	{ MUST "message: \"unterminated\n", "not YAML" },
	{ MUST "message: \"\xff\"\n", "not YAML" },
	{ MUST "\tmessage: x\n", "not YAML" },
	{ MUST "? [a, b]\n: c\n", "unknown or duplicate key" },
};

/* Blocks that are not of this shape are refused with a reason. */
static void
other_blocks_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		const char *problem;
		json_t *block = parse(refused[i].text, &problem);

		if (block || !strstr(problem, refused[i].problem))
			fail_msg("%s\n%s", refused[i].text, block ? "was taken" : problem);
	}
}

/* A list longer than 512 is refused, one of 512 is not. */
static void
lists_are_bounded(void **state)
{
	(void)state;
	for (int count = 512; count <= 513; count++) {
		char *text = allocate(32 * 600, 1);
		const char *problem;
		json_t *block;

		strcpy(text, MUST "rules:\n");
		for (int i = 0; i < count; i++)
			strcat(text, "  - id: \"x\"\n");
		block = parse(text, &problem);
		assert_int_equal(block != NULL, count == 512);
		json_decref(block);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_documented_key_is_taken),
		cmocka_unit_test(printed_bytes_become_text),
		cmocka_unit_test(outcomes_are_those_of_the_table),
		cmocka_unit_test(other_blocks_are_refused),
		cmocka_unit_test(lists_are_bounded),
	};

	return cmocka_run_group_tests_name("the block of a test point", tests, NULL, NULL);
}
