/*
 * Unit tests of kernel/lib: printf's engine against the C library's, and the memory functions, under
 * other names, against theirs.
 */
#define memcpy  kernel_memcpy
#define memset  kernel_memset
#define memmove kernel_memmove
#define memcmp  kernel_memcmp
#define strlen  kernel_strlen
#define strcmp  kernel_strcmp
#define strncmp kernel_strncmp
#include "lib/string.c"
#undef memcpy
#undef memset
#undef memmove
#undef memcmp
#undef strlen
#undef strcmp
#undef strncmp

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "lib/format.h"

#define TEXT_BYTES  4096
#define BLOCK_BYTES 80

static char expected[TEXT_BYTES], found[TEXT_BYTES];

/* Both engines' output, byte by byte, and the length they return. */
#define ASSERT_SAME(format, ...) \
	do { \
		int length = snprintf(expected, sizeof(expected), format, __VA_ARGS__); \
		size_t ours = format_string(found, sizeof(found), format, __VA_ARGS__); \
		if ((int)ours != length || memcmp(expected, found, ours + 1) != 0) \
			fail_msg( \
			        "\"%s\": expected \"%s\", found \"%s\"", format, expected, found); \
	} while (0)

static const char *const widths[] = { "", "1", "2", "5", "8", "16", "20", "21", "22", "24", "25",
	"40", "255", "256", "999" };
static const char *const lengths[] = { "", "l", "ll", "z" };
static const uint64_t numbers[] = { 0, 1, 9, 10, 15, 16, 99, 0x7fffffff, 0x80000000, 0xffffffff,
	0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffff6,
	0xdeadbeefcafe1234 };

static uint64_t
random_number(void)
{
	uint64_t number = (uint64_t)random() << 42 ^ (uint64_t)random() << 21 ^ random();

	return number >> random() % 64;
}

/* One specification with many values.  C leaves "#" open for decimal numbers, and drops its "0x" for 0. */
static void
compare_numbers(const char *flags, const char *width, const char *length, char conversion)
{
	bool alternative = strchr(flags, '#') != NULL;
	char format[32];

	snprintf(format, sizeof(format), "<%%%s%s%s%c>", flags, width, length, conversion);
	for (unsigned i = 0; i < COUNT(numbers) + 8; i++) {
		uint64_t number = i < COUNT(numbers) ? numbers[i] : random_number();

		if (alternative && (*length != '\0' ? number : (uint32_t)number) == 0)
			continue;
		if (*length != '\0')
			ASSERT_SAME(format, number);
		else
			ASSERT_SAME(format, (uint32_t)number);
	}
}

/* Numbers look as the C library writes them, with all flags, widths, lengths and conversions. */
static void
numbers_are_as_in_c(void **state)
{
	static const char *const flags[] = { "", "-", "0", "-0", "0-", "00", "--", "#", "-#", "#0",
		"0#", "#-0" };

	(void)state;
	srandom(33);
	for (size_t flag = 0; flag < COUNT(flags); flag++)
		for (size_t width = 0; width < COUNT(widths); width++)
			for (size_t length = 0; length < COUNT(lengths); length++)
				for (const char *conversion = "diuxX"; *conversion; conversion++)
					/* Left to us: see hash_is_0x() */
					if (strchr(flags[flag], '#') == NULL || *conversion == 'x')
						compare_numbers(flags[flag], widths[width],
						        lengths[length], *conversion);
}

/* Texts, characters and pointers, too; a NUL character is a byte like any other. */
static void
texts_are_as_in_c(void **state)
{
	static const char *const flags[] = { "", "-", "--" };
	static const char *const texts[] = { "", "x", "twenty characters ..", "100%", "%s%n" };

	(void)state;
	for (size_t flag = 0; flag < COUNT(flags); flag++)
		for (size_t width = 0; width < COUNT(widths); width++) {
			char format[32];

			snprintf(format, sizeof(format), "<%%%s%ss>", flags[flag], widths[width]);
			for (size_t i = 0; i < COUNT(texts); i++)
				ASSERT_SAME(format, texts[i]);
			snprintf(format, sizeof(format), "<%%%s%sc>", flags[flag], widths[width]);
			for (int c = 0; c < 256; c++)
				ASSERT_SAME(format, c);
			snprintf(format, sizeof(format), "<%%%s%sp>", flags[flag], widths[width]);
			ASSERT_SAME(format, (void *)texts);
			ASSERT_SAME(format, (void *)UINTPTR_MAX);
		}
	ASSERT_SAME("%%%d%%%s%c%lx", -3, "text", 'c', 0xfeul);
	ASSERT_SAME("%d %d %d %d %d %d %d %d %s", 1, 2, 3, 4, 5, 6, 7, 8, "on the stack");
	ASSERT_SAME("%ld %u %zu %llx", -1l, 2u, (size_t)3, 4ull);
}

static void
assert_format(const char *text, const char *format, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = format_string_va(found, sizeof(found), format, arguments);
	va_end(arguments);
	assert_string_equal(found, text);
	assert_int_equal(length, strlen(text));
}

/* Where we differ from C on purpose: "#" is 0x, whatever the number and the case of the digits. */
static void
hash_is_0x(void **state)
{
	(void)state;
	assert_format("0x0", "%#x", 0);
	assert_format("0xAB", "%#X", 0xab);
	assert_format("0x00AB", "%#06X", 0xab);
	assert_format("  0xab", "%#6x", 0xab);
	assert_format("0x0", "%p", (void *)NULL);
}

/* A NULL string and conversions we do not know are shown, and do not lead astray. */
static void
mistakes_are_shown(void **state)
{
	(void)state;
	assert_format("(null)", "%s", (const char *)NULL);
	assert_format("  (null)|", "%8s|", (const char *)NULL);
	assert_format("(null)  |", "%-8s|", (const char *)NULL);
	assert_format("k1", "%k%d", 1);
	assert_format("n", "%n");
	assert_format("+5d", "%+5d");
	assert_format(".3s", "%.3s");
	assert_format("*d", "%*d");
	assert_format("%", "%%");
	assert_format("%", "%5%");
	assert_format("", "%");
	assert_format("a", "a%");
	assert_format("a", "a%-08l");
	assert_format("a", "a%123");
}

/* Any width is obeyed or cut to a few thousand, never wrapped, and the number still ends the output. */
static void
huge_widths_are_bounded(void **state)
{
	static const char *const huge[] = { "1000", "2559", "2560", "65536", "4294967295",
		"4294967296", "4294967301", "18446744073709551621",
		"99999999999999999999999999999999" };

	(void)state;
	for (size_t i = 0; i < COUNT(huge); i++) {
		char format[64];
		size_t length;

		snprintf(format, sizeof(format), "%%%sd", huge[i]);
		length = format_string(found, sizeof(found), format, 42);
		assert_in_range(length, 100, TEXT_BYTES - 1);
		assert_int_equal(strlen(found), length);
		assert_string_equal(found + length - 3, " 42");
		assert_int_equal(strspn(found, " "), length - 2);
	}
}

/* Too little room cuts the text, never the terminator, and the length is that of the whole. */
static void
output_is_cut_at_every_size(void **state)
{
	static const char format[] = "%s: %5d|%-5d|%#010lx%c%%";

	(void)state;
	for (size_t size = 0; size < 50; size++) {
		char *text = malloc(size + 1);
		int length = snprintf(expected, size, format, "text", -42, 42, 0xfful, 'c');

		assert_non_null(text);
		memset(text, 0x5a, size + 1);
		assert_int_equal(
		        format_string(text, size, format, "text", -42, 42, 0xfful, 'c'), length);
		if (size > 0)
			assert_string_equal(text, expected);
		assert_int_equal(text[size], 0x5a);
		free(text);
	}
	assert_int_equal(format_string(NULL, 0, "%d", 1234), 4);
}

/* Whatever the format, output ends, and a cut text begins like the whole one. */
static void
random_formats_are_survived(void **state)
{
	static const char alphabet[] = "%%%%%%ddiuxXpcllz-0#12589 .*kqh\x80";

	(void)state;
	srandom(33);
	for (unsigned i = 0; i < 20000; i++) {
		char format[17] = "", cut[8];
		size_t length;

		for (unsigned at = 0; at + 1 < sizeof(format); at++)
			format[at] = alphabet[random() % (sizeof(alphabet) - 1)];
		memset(found, 0x5a, sizeof(found));
		/* At most eight conversions fit: an argument each. */
		length =
		        format_string(found, sizeof(found), format, 1l, 2l, 3l, 4l, 5l, 6l, 7l, 8l);
		if (length < sizeof(found))
			assert_int_equal(found[length], '\0');
		assert_int_equal(
		        format_string(cut, sizeof(cut), format, 1l, 2l, 3l, 4l, 5l, 6l, 7l, 8l),
		        length);
		assert_memory_equal(cut, found, length < 7 ? length : 7);
		assert_int_equal(cut[length < 7 ? length : 7], '\0');
	}
}

static void
fill(unsigned char *bytes)
{
	for (unsigned i = 0; i < BLOCK_BYTES; i++)
		bytes[i] = "\1\x7f\x80"[random() % 3]; /* often equal: memcmp() goes far */
}

static int
sign(int number)
{
	return (number > 0) - (number < 0);
}

/* Copies, overlapping moves and fills touch the bytes they should and no others, at any alignment. */
static void
memory_functions_are_as_in_c(void **state)
{
	(void)state;
	srandom(33);
	for (unsigned i = 0; i < 26 * 26 * 40; i++) {
		unsigned to = i % 26, from = i / 26 % 26;
		size_t size = i / (26 * 26);
		unsigned char a[BLOCK_BYTES], b[BLOCK_BYTES], source[BLOCK_BYTES];
		int value = (int)random();

		fill(a);
		fill(source);
		memcpy(b, a, sizeof(a));
		assert_ptr_equal(kernel_memcpy(a + to, source + from, size), a + to);
		memcpy(b + to, source + from, size);
		assert_memory_equal(a, b, sizeof(a));
		assert_ptr_equal(kernel_memmove(a + to, a + from, size), a + to);
		memmove(b + to, b + from, size);
		assert_memory_equal(a, b, sizeof(a));
		assert_int_equal(sign(kernel_memcmp(a + to, source + from, size)),
		        sign(memcmp(b + to, source + from, size)));
		assert_ptr_equal(kernel_memset(a + from, value, size), a + from);
		memset(b + from, value, size);
		assert_memory_equal(a, b, sizeof(a));
	}
}

/* Texts are measured and compared as the C library does, bytes above 127 being the larger ones. */
static void
string_functions_are_as_in_c(void **state)
{
	static const char *const texts[] = { "", "a", "b", "ab", "abc", "abd", "ab\xff", "\x80",
		"ABC" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(kernel_strlen(texts[i]), strlen(texts[i]));
		for (size_t other = 0; other < COUNT(texts); other++) {
			assert_int_equal(sign(kernel_strcmp(texts[i], texts[other])),
			        sign(strcmp(texts[i], texts[other])));
			for (size_t size = 0; size < 6; size++)
				assert_int_equal(sign(kernel_strncmp(texts[i], texts[other], size)),
				        sign(strncmp(texts[i], texts[other], size)));
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_as_in_c),
		cmocka_unit_test(texts_are_as_in_c),
		cmocka_unit_test(hash_is_0x),
		cmocka_unit_test(mistakes_are_shown),
		cmocka_unit_test(huge_widths_are_bounded),
		cmocka_unit_test(output_is_cut_at_every_size),
		cmocka_unit_test(random_formats_are_survived),
		cmocka_unit_test(memory_functions_are_as_in_c),
		cmocka_unit_test(string_functions_are_as_in_c),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
