/* The fields of the graded part in the record stream: what is taken, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "base/util.h"
#include "parsed_stream.h"

#define HEAD   "TAP version 14\n# r33 stream 1\n1..2\n# case 1 \"a\" lab=1 points=5\n"
#define FIELDS "# fields GUEST_CR0 GUEST_CR3 GUEST_CR4 GUEST_DR7\n"
#define POINT(fields) \
	"not ok 1 - a\n  ---\n  lab: 1\n  case: \"a\"\n  points: 5\n" \
	"  outcome: wrong-state\n" fields "  ...\n"
#define LETTERS(letters) "  fields: \"" letters "\"\n"

/* The word for a field of the first case, or NULL. */
static const char *
word(const struct stream *stream, const char *field)
{
	return object_string(json_object_get(stream->cases[0].details, "fields"), field);
}

/* Each letter becomes a word for the name at its place. */
static void
letters_become_words(void **state)
{
	struct stream *stream = parse(HEAD FIELDS POINT(LETTERS("rwu-")));

	(void)state;
	assert_false(stream->malformed);
	assert_string_equal(word(stream, "GUEST_CR0"), "right");
	assert_string_equal(word(stream, "GUEST_CR3"), "wrong");
	assert_string_equal(word(stream, "GUEST_CR4"), "untouched");
	assert_string_equal(word(stream, "GUEST_DR7"), "no-matter");
	stream_free(stream);
}

/* The last line "# fields" counts, and a block without letters needs none. */
static void
the_last_list_counts(void **state)
{
	struct stream *stream = parse(HEAD FIELDS "# fields GUEST_RIP\n" POINT(LETTERS("w")));

	(void)state;
	assert_false(stream->malformed);
	assert_string_equal(word(stream, "GUEST_RIP"), "wrong");
	assert_null(word(stream, "GUEST_CR0"));
	stream_free(stream);
	stream = parse(HEAD POINT(""));
	assert_false(stream->malformed);
	assert_int_equal(stream->cases[0].status, CASE_FAILED);
	stream_free(stream);
}

static const struct {
	const char *text, *problem;
} refused[] = {
	{ HEAD "# fields\n", "'# fields' with" },
	{ HEAD "# fields \n", "'# fields' with" },
	{ HEAD "# fieldsGUEST_CR0\n", "'# fields' with" },
	{ HEAD "# fields guest_cr0\n", "'# fields' with" },
	{ HEAD "# fields GUEST_CR0  GUEST_CR3\n", "'# fields' with" },
	{ HEAD "# fields GUEST_CR0 <b>\n", "'# fields' with" },
	{ HEAD "# fields GUEST_CR0 GUEST_CR3 GUEST_CR0\n", "'# fields' with" },
	{ HEAD POINT(LETTERS("rrrr")), "does not have the length" },
	{ HEAD FIELDS POINT(LETTERS("rrr")), "does not have the length" },
	{ HEAD FIELDS POINT(LETTERS("rrrrr")), "does not have the length" },
	{ HEAD FIELDS POINT(LETTERS("")), "does not have the length" },
	{ HEAD FIELDS POINT(LETTERS("rrrR")), "an unknown letter" },
	{ HEAD FIELDS POINT(LETTERS("rr r")), "an unknown letter" },
	{ HEAD FIELDS POINT("  fields:\n    - id: \"x\"\n"), "wrong structure" },
};

/* Whatever else is malformed, and gives no verdict. */
static void
other_letters_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct stream *stream = parse(refused[i].text);

		if (!stream->malformed)
			fail_msg("taken: %s", refused[i].text);
		if (!strstr(stream->problem, refused[i].problem))
			fail_msg("'%s' instead of '%s'", stream->problem, refused[i].problem);
		assert_int_equal(stream->cases[0].status, CASE_MISSING);
		stream_free(stream);
	}
}

/* So many names are taken, and not one more. */
static void
lists_are_bounded(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		char *text = copy_string(HEAD "# fields");
		struct stream *stream;

		for (int i = 0; i < STREAM_FIELDS + more; i++) {
			char *longer = new_string("%s F%d", text, i);

			free(text);
			text = longer;
		}
		stream = stream_new(NULL, NULL);
		stream_feed(stream, text, strlen(text));
		stream_feed(stream, "\n", 1);
		assert_int_equal(stream->malformed, more);
		stream_free(stream);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_become_words),
		cmocka_unit_test(the_last_list_counts),
		cmocka_unit_test(other_letters_are_refused),
		cmocka_unit_test(lists_are_bounded),
	};

	return cmocka_run_group_tests_name("fields in the record stream", tests, NULL, NULL);
}
