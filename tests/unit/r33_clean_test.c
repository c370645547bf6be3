/* What a lab printed cannot command a terminal; small helpers keep their promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "base/util.h"

static const struct {
	const char *text, *clean;
} texts[] = {
	{ "", "" },
	{ "plain text, tabs\tand\nlines", "plain text, tabs\tand\nlines" },
	{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	        "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07" },
	{ "over\rwritten\b\x7f", "over\\x0dwritten\\x08\\x7f" },
	{ "dos\r\nlines", "dos\nlines" },
	{ "C1: \xc2\x9b"
	  "31m",
	        "C1: \\x9b31m" },
	{ "raw C1: \x9b"
	  "31m",
	        "raw C1: \\x9b31m" },
	{ "\xe2\x80\xae"
	  "override",
	        "\\u{202e}override" },
	{ "\xe2\x81\xa6isolate", "\\u{2066}isolate" },
	{ "\xef\xbb\xbf"
	  "bom",
	        "\\u{feff}bom" },
	{ "overlong \xc0\xaf \xe0\x80\xaf", "overlong \\xc0\\xaf \\xe0\\x80\\xaf" },
	{ "surrogate \xed\xa0\x80", "surrogate \\u{d800}" },
	{ "too big \xf4\x90\x80\x80", "too big \\xf4\\x90\\x80\\x80" },
	{ "cut \xe2\x82", "cut \\xe2\\x82" },
	{ "lone \x80", "lone \\x80" },
	{ "Latin 1: caf\xe9", "Latin 1: caf\\xe9" },
	{ "\xef\xbf\xbe \xef\xbf\xbf", "\\u{fffe} \\u{ffff}" },
	{ "\xef\xb7\x90 \xef\xb7\xaf", "\\u{fdd0} \\u{fdef}" },
	{ "\xf0\x9f\xbf\xbe \xf4\x8f\xbf\xbf", "\\u{1fffe} \\u{10ffff}" },
	{ "\xef\xbf\xbd \xee\x80\x80 \xf4\x8f\xbf\xbd",
	        "\xef\xbf\xbd \xee\x80\x80 \xf4\x8f\xbf\xbd" },
};

/* Control characters, direction marks and broken UTF-8 become visible; other text stays. */
static void
terminals_obey_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char *clean = clean_string(texts[i].text);

		assert_string_equal(clean, texts[i].clean);
		free(clean);
	}
}

/* No byte or pair of bytes yields a control character other than tab and newline. */
static void
no_pair_of_bytes_slips_through(void **state)
{
	(void)state;
	for (int first = 1; first < 256; first++) {
		for (int second = 1; second < 256; second++) {
			const char text[] = { (char)first, (char)second, 'x', '\0' };
			char *clean = clean_string(text);

			for (const char *at = clean; *at; at++)
				assert_true(
				        (unsigned char)*at >= 0x20 || *at == '\t' || *at == '\n');
			assert_null(strchr(clean, 0x7f));
			free(clean);
		}
	}
}

/* A NUL in a text of known length does not end it. */
static void
a_nul_hides_nothing(void **state)
{
	char *clean = NULL;
	size_t length;
	FILE *out = open_memstream(&clean, &length);

	(void)state;
	write_clean_bytes(out, "a\0b\r\nc\r", 7, 2);
	fclose(out);
	assert_string_equal(clean, "a\\x00b\n  c\\x0d");
	free(clean);
}

/* JSON takes every text: what is not text is shown, what JSON can escape is as it was. */
static void
json_takes_every_text(void **state)
{
	static const struct {
		const char *text, *valid;
	} cases[] = {
		{ "", "" },
		{ "\x1b[31m\x7f\xe2\x80\xae\xc2\x9b", "\x1b[31m\x7f\xe2\x80\xae\xc2\x9b" },
		{ "caf\xe9: error: \xef\xbf\xbe", "caf\\xe9: error: \\u{fffe}" },
		{ "\xed\xa0\x80 \xc0\xaf \x80", "\\u{d800} \\xc0\\xaf \\x80" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_t *string = text_json(cases[i].text);

		assert_string_equal(json_string_value(string), cases[i].valid);
		json_decref(string);
	}
	assert_true(json_is_null(text_json(NULL)));
}

/* A name is cut where a character ends, and says so; one that fits stays. */
static void
names_are_cut(void **state)
{
	enum { LONG = 4000000 };
	char *name = allocate(LONG + 1, 1);
	json_t *cut;

	(void)state;
	for (size_t length = 0; length <= 300; length++) {
		memset(name, 'n', length);
		cut = name_json(name);
		assert_int_equal(
		        json_string_length(cut), length > NAME_BYTES ? NAME_BYTES : length);
		assert_int_equal(strcmp(json_string_value(cut), name) != 0, length > NAME_BYTES);
		json_decref(cut);
	}
	for (int shift = 0; shift < 3; shift++) {
		memset(name, 0, 400);
		memset(name, 'n', (size_t)shift);
		for (int i = 0; i < 100; i++)
			strcat(name, "\xe2\x82\xac");
		cut = name_json(name);
		assert_true(json_string_length(cut) <= NAME_BYTES &&
		            json_string_length(cut) > NAME_BYTES - 3);
		assert_string_equal(
		        json_string_value(cut) + json_string_length(cut) - 6, "\xe2\x82\xac...");
		json_decref(cut);
	}
	memset(name, 0xff, LONG);
	cut = name_json(name);
	assert_true(json_string_length(cut) <= NAME_BYTES);
	json_decref(cut);
	free(name);
}

/* Numbers are whole, in their range, and nothing else. */
static void
numbers_are_numbers(void **state)
{
	static const char *const none[] = { "", "-1", "+1", " 1", "1 ", "0x1", "1e3", "101",
		"999999999999999999999999" };
	long number;

	(void)state;
	assert_true(parse_number("0", 0, 100, &number));
	assert_int_equal(number, 0);
	assert_true(parse_number("100", 0, 100, &number));
	assert_int_equal(number, 100);
	for (size_t i = 0; i < COUNT(none); i++)
		assert_false(parse_number(none[i], 0, 100, &number));
}

/* A tail keeps the last bytes of any length, in any pieces, and gives its last lines. */
static void
tails_keep_the_end(void **state)
{
	struct tail *tail = allocate(1, sizeof(*tail));
	char text[32];
	char *lines;

	(void)state;
	lines = tail_lines(tail, 3);
	assert_string_equal(lines, "");
	free(lines);
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "line %d\n", i);
		tail_add(tail, text, strlen(text));
	}
	assert_true(tail->truncated);
	assert_int_equal(tail->length, TAIL_BYTES);
	lines = tail_lines(tail, 2);
	assert_string_equal(lines, "line 4998\nline 4999");
	free(lines);
	char *giant = allocate(3 * TAIL_BYTES, 1);
	memset(giant, 'g', 3 * TAIL_BYTES - 1);
	tail_add(tail, giant, 3 * TAIL_BYTES - 1);
	assert_int_equal(tail->length, TAIL_BYTES);
	assert_int_equal(strlen(tail->bytes), TAIL_BYTES);
	free(giant);
	free(tail);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminals_obey_nothing),
		cmocka_unit_test(no_pair_of_bytes_slips_through),
		cmocka_unit_test(a_nul_hides_nothing),
		cmocka_unit_test(json_takes_every_text),
		cmocka_unit_test(names_are_cut),
		cmocka_unit_test(numbers_are_numbers),
		cmocka_unit_test(tails_keep_the_end),
	};

	return cmocka_run_group_tests_name("clean text", tests, NULL, NULL);
}
