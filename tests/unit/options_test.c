/* Unit tests of the kernel command line: each option, its limits, and lines that nobody would write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "boot/options.h"

#define WORD_62 "12345678901234567890123456789012345678901234567890123456789012"
#define WORD_63 WORD_62 "3"
#define WORD_64 WORD_63 "4"

/* Parse a copy of exactly the line's size, into memory that held something else. */
static const char *
parse(const char *line, struct options *options)
{
	char *copy = strdup(line);
	const char *error;

	assert_non_null(copy);
	memset(options, 0xa5, sizeof(*options));
	error = options_parse(copy, options);
	free(copy);
	return error;
}

/* clang-format off */

/* Lines that are understood, and what they mean. */
static const struct {
	const char *line;
	struct options options;
} understood[] = {
	{ "", { .all_labs = true } },
	{ " ", { .all_labs = true } },
	{ "lab=all", { .all_labs = true } },
	{ "lab=0", { .lab = 0 } },
	{ "lab=1", { .lab = 1 } },
	{ "lab=9", { .lab = 9 } },
	{ "lab=007", { .lab = 7 } },
	{ "case=enter-64-bit", { .all_labs = true, .only_case = "enter-64-bit" } },
	{ "case=x", { .all_labs = true, .only_case = "x" } },
	{ "case=" WORD_63, { .all_labs = true, .only_case = WORD_63 } },
	{ "case=a=b", { .all_labs = true, .only_case = "a=b" } },
	{ "case=lab=2", { .all_labs = true, .only_case = "lab=2" } },
	{ "end=panic", { .all_labs = true, .bad_end = "panic" } },
	{ "end=" WORD_63, { .all_labs = true, .bad_end = WORD_63 } },
	{ "bochs=3.0", { .all_labs = true, .bochs = "3.0" } },
	{ "bochs=" WORD_63, { .all_labs = true, .bochs = WORD_63 } },
	{ "hold=0", { .all_labs = true } },
	{ "hold=1", { .all_labs = true, .hold = 1 } },
	{ "bench=1", { .all_labs = true, .bench_round_trips = 1 } },
	{ "bench=10000000", { .all_labs = true, .bench_round_trips = 10000000 } },
	{ "bench=00010000000", { .all_labs = true, .bench_round_trips = 10000000 } },
	{ "lab=1 case=x bench=5 end=y",
		{ .lab = 1, .only_case = "x", .bench_round_trips = 5, .bad_end = "y" } },
	{ "end=y bench=5 case=x lab=1",
		{ .lab = 1, .only_case = "x", .bench_round_trips = 5, .bad_end = "y" } },
	{ "   lab=1    case=x  ", { .lab = 1, .only_case = "x" } },
	{ "lab=1 lab=2", { .lab = 2 } },
	{ "case=longer case=x", { .all_labs = true, .only_case = "x" } },
};

/* Lines that are refused, and the option that the sentence names. */
static const struct {
	const char *line, *named;
} refused[] = {
	{ "lab", "accepts only lab=, case=, bench=, hold=, end= and bochs=" },
	{ "labs=1", "accepts only" },
	{ "LAB=1", "accepts only" },
	{ "=", "accepts only" },
	{ "=1", "accepts only" },
	{ "-", "accepts only" },
	{ "lab=1 1", "accepts only" },
	{ "lab =1", "accepts only" },
	{ "1 lab=1", "accepts only" },
	{ "lab=1\n", "lab=" },
	{ "\tlab=1", "accepts only" },
	{ "lab=", "lab=" },
	{ "lab= 1", "lab=" },
	{ "lab=10", "lab=" },
	{ "lab=-1", "lab=" },
	{ "lab=+1", "lab=" },
	{ "lab=1x", "lab=" },
	{ "lab=0x1", "lab=" },
	{ "lab=al", "lab=" },
	{ "lab=alll", "lab=" },
	{ "lab=ALL", "lab=" },
	{ "lab=4294967296", "lab=" }, /* 0, modulo 2^32 */
	{ "lab=4294967297", "lab=" },
	{ "lab=18446744073709551617", "lab=" }, /* 1, modulo 2^64 */
	{ "lab=:", "lab=" }, /* the neighbours of the digits */
	{ "lab=/", "lab=" },
	{ "case=", "case=" },
	{ "case= x", "case=" },
	{ "case=" WORD_64, "case=" },
	{ "case=" WORD_64 WORD_64, "case=" },
	{ "end=", "end=" },
	{ "end=" WORD_64, "end=" },
	{ "bochs=", "bochs=" },
	{ "bochs=" WORD_64, "bochs=" },
	{ "hold=", "hold=" },
	{ "hold=x", "hold=" },
	{ "hold=-1", "hold=" },
	{ "hold=10000001", "hold=" },
	{ "bench=", "bench=" },
	{ "bench=0", "bench=" },
	{ "bench=000", "bench=" },
	{ "bench=10000001", "bench=" },
	{ "bench=4294967297", "bench=" },
	{ "bench=1,5", "bench=" },
	{ "bench=1:", "bench=" },
	{ "bench=1/", "bench=" },
	{ "bench=all", "bench=" },
	{ "lab=1 case=x bench=0", "bench=" },
	{ "lab=x lab=1", "lab=" }, /* a later good one does not make it good */
};

/* clang-format on */

static void
assert_options_equal(const char *line, const struct options *found, const struct options *expected)
{
	/* Behind "lab=all" the number of a lab means nothing. */
	if (found->all_labs != expected->all_labs ||
	        (!expected->all_labs && found->lab != expected->lab))
		fail_msg("\"%s\": lab %u, all labs %u", line, found->lab, found->all_labs);
	if (found->bench_round_trips != expected->bench_round_trips)
		fail_msg("\"%s\": %u round trips", line, found->bench_round_trips);
	assert_int_equal(found->hold, expected->hold);
	assert_string_equal(found->only_case, expected->only_case);
	assert_string_equal(found->bad_end, expected->bad_end);
}

/* Each option is understood up to its limits, in any order, with any number of blanks. */
static void
options_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(understood); i++) {
		struct options options;
		const char *error = parse(understood[i].line, &options);

		if (error != NULL)
			fail_msg("\"%s\": %s", understood[i].line, error);
		assert_options_equal(understood[i].line, &options, &understood[i].options);
	}
}

/* Whatever lies beyond a limit is refused by a sentence that names the option. */
static void
mistakes_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct options options;
		const char *error = parse(refused[i].line, &options);

		if (error == NULL)
			fail_msg("\"%s\" is accepted", refused[i].line);
		if (strstr(error, refused[i].named) == NULL)
			fail_msg("\"%s\": the sentence is \"%s\"", refused[i].line, error);
		if (strncmp(refused[i].named, "accepts", 7) != 0)
			assert_null(strstr(error, "accepts only"));
	}
}

/* Four options together, in each of the 24 orders, mean the same. */
static void
order_does_not_matter(void **state)
{
	static const char *const words[] = { "lab=3", "case=x", "bench=7", "end=y" };
	static const struct options expected = {
		.lab = 3, .only_case = "x", .bench_round_trips = 7, .bad_end = "y"
	};
	unsigned orders = 0;

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		unsigned order[] = { i & 3, i >> 2 & 3, i >> 4 & 3, i >> 6 };
		unsigned seen = 1u << order[0] | 1u << order[1] | 1u << order[2] | 1u << order[3];
		struct options options;
		char line[64];

		if (seen != 15)
			continue;
		orders++;
		snprintf(line, sizeof(line), "%s %s %s %s", words[order[0]], words[order[1]],
		        words[order[2]], words[order[3]]);
		assert_null(parse(line, &options));
		assert_options_equal(line, &options, &expected);
	}
	assert_int_equal(orders, 24);
}

/* No single byte that is not a letter, digit or the like can follow a number unseen. */
static void
no_byte_hides_behind_a_number(void **state)
{
	(void)state;
	for (unsigned byte = 1; byte < 256; byte++) {
		char line[] = "lab=1?";
		struct options options;
		const char *error;

		line[5] = (char)byte;
		error = parse(line, &options);
		if (byte == ' ') {
			assert_null(error);
			assert_int_equal(options.lab, 1);
		} else {
			assert_non_null(error);
		}
	}
}

/* A number as the C library reads it; false when it is none or too large. */
static bool
number_of(const char *text, unsigned long long maximum, unsigned long long *number)
{
	if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text))
		return false;
	*number = strtoull(text, NULL, 10); /* its largest number when it does not fit */
	return *number <= maximum;
}

/* One word, read by the C library's means. */
static bool
read_word(const char *word, struct options *options)
{
	const char *value = strchr(word, '=');
	size_t name = value == NULL ? 0 : value++ - word;
	unsigned long long number;

	if (name == 3 && memcmp(word, "lab", 3) == 0) {
		options->all_labs = strcmp(value, "all") == 0;
		if (!options->all_labs && !number_of(value, 9, &number))
			return false;
		options->lab = options->all_labs ? options->lab : number;
		return true;
	}
	if (name == 5 && memcmp(word, "bench", 5) == 0) {
		if (!number_of(value, 10000000, &number) || number == 0)
			return false;
		options->bench_round_trips = number;
		return true;
	}
	if (strcmp(word, "hold=1") == 0) {
		options->hold = 1;
		return true;
	}
	if (name == 4 && memcmp(word, "case", 4) == 0 && *value != '\0' && strlen(value) < 64) {
		strcpy(options->only_case, value);
		return true;
	}
	if (name == 3 && memcmp(word, "end", 3) == 0 && *value != '\0' && strlen(value) < 64) {
		strcpy(options->bad_end, value);
		return true;
	}
	return false;
}

/* Random lines of words, pieces of words and other bytes are read as by strtok() and strtoull(). */
static void
random_lines_are_read_right(void **state)
{
	static const char *const pieces[] = { "lab=", "lab=", "case=", "bench=", "end=", "all", "0",
		"1", "9", "10000000", "4294967296", WORD_62, "x", "=", " ", " ", " ", " ", "  ",
		"\t", "\x80", "lab=1 ", "case=y ", "bench=3 ", "hold=1 " };
	unsigned good = 0;

	(void)state;
	srandom(33);
	for (unsigned i = 0; i < 50000; i++) {
		char line[10 * 64] = "", words[sizeof(line)];
		struct options options, expected = { .all_labs = true };
		bool expect_good = true;
		const char *error;

		for (unsigned count = random() % 9; count > 0; count--)
			strcat(line, pieces[random() % COUNT(pieces)]);
		strcpy(words, line);
		for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
			expect_good = expect_good && read_word(word, &expected);
		error = parse(line, &options);
		if ((error == NULL) != expect_good)
			fail_msg("\"%s\": %s", line, error != NULL ? error : "accepted");
		if (expect_good)
			assert_options_equal(line, &options, &expected);
		good += expect_good;
	}
	assert_in_range(good, 1000, 49000);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_understood),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(order_does_not_matter),
		cmocka_unit_test(no_byte_hides_behind_a_number),
		cmocka_unit_test(random_lines_are_read_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
