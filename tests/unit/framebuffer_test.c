/*
 * Unit tests of kernel/dev/framebuffer.c and font.S: text is drawn into memory of just the screen's size,
 * and read back by its pixels.
 */
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

#include "dev/framebuffer.h"

#define BETWEEN_ROWS 0x5a /* what lies between two rows, and must stay */

struct screen {
	struct boot_framebuffer boot;
	size_t size;
	uint8_t *memory;
	struct framebuffer framebuffer;
};

/* A screen whose last row ends with its last pixel. */
static void
open_screen(
        struct screen *screen, uint32_t width, uint32_t height, uint8_t pixel_bits, uint32_t gap)
{
	uint32_t row_bytes = width * pixel_bits / 8;

	*screen = (struct screen){ .boot = {
		                           .kind = BOOT_SCREEN_RGB,
		                           .pitch_bytes = row_bytes + gap,
		                           .width = width,
		                           .height = height,
		                           .pixel_bits = pixel_bits,
		                           .red = { 16, 8 },
		                           .green = { 8, 8 },
		                           .blue = { 0, 8 },
		                   } };
	screen->size = (size_t)screen->boot.pitch_bytes * (height - 1) + row_bytes;
	screen->memory = malloc(screen->size);
	assert_non_null(screen->memory);
	memset(screen->memory, BETWEEN_ROWS, screen->size);
	framebuffer_open(&screen->framebuffer, &screen->boot, screen->memory);
}

static void
close_screen(struct screen *screen)
{
	free(screen->memory);
}

static void
put(struct screen *screen, const char *text)
{
	framebuffer_write(&screen->framebuffer, text, strlen(text));
}

static uint32_t
pixel(const struct screen *screen, unsigned x, unsigned y)
{
	unsigned bytes = screen->boot.pixel_bits / 8;
	const uint8_t *at =
	        screen->memory + (size_t)y * screen->boot.pitch_bytes + (size_t)x * bytes;
	uint32_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint32_t)at[i] << 8 * i;
	return value;
}

/* The character whose pixels, and no others, are lit in a cell; 0: none. */
static char
read_cell(const struct screen *screen, unsigned row, unsigned column, unsigned scale)
{
	for (char c = FONT_FIRST; c <= FONT_LAST; c++) {
		bool same = true;

		for (unsigned y = 0; same && y < 16 * scale; y++)
			for (unsigned x = 0; same && x < 8 * scale; x++)
				same = (pixel(screen, column * 8 * scale + x,
				                row * 16 * scale + y) != 0) ==
				       (font_glyphs[c - FONT_FIRST][y / scale] >> (7 - x / scale) &
				               1);
		if (same)
			return c;
	}
	return 0;
}

/* The row's text without the blanks at its end. */
static const char *
read_row(const struct screen *screen, unsigned row)
{
	static char text[FRAMEBUFFER_MAX_COLUMNS + 1];
	unsigned columns = screen->framebuffer.columns;

	for (unsigned column = 0; column < columns; column++)
		text[column] = read_cell(screen, row, column, screen->framebuffer.scale);
	while (columns > 0 && text[columns - 1] == ' ')
		columns--;
	text[columns] = '\0';
	return text;
}

/* The glyphs are in ASCII's order and stand upright: some whose shape leaves no doubt. */
static void
glyphs_are_those_of_ascii(void **state)
{
	const uint8_t *minus = font_glyphs['-' - FONT_FIRST];
	const uint8_t *slash = font_glyphs['/' - FONT_FIRST];
	const uint8_t *backslash = font_glyphs['\\' - FONT_FIRST];
	const uint8_t *underscore = font_glyphs['_' - FONT_FIRST];
	unsigned first = 0, last = FONT_ROWS - 1, rows_of_minus = 0;

	(void)state;
	for (unsigned y = 0; y < FONT_ROWS; y++) {
		assert_int_equal(font_glyphs[0][y], 0);
		rows_of_minus += minus[y] != 0;
		if (y < 12)
			assert_int_equal(underscore[y], 0);
	}
	assert_int_equal(rows_of_minus, 1);
	while (!slash[first])
		first++;
	while (!slash[last])
		last--;
	assert_true(slash[first] < slash[last]); /* right above, left below */
	assert_true(backslash[first] > backslash[last]);
	/* Every glyph is another. */
	for (unsigned i = 0; i < sizeof(font_glyphs) / FONT_ROWS; i++)
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(font_glyphs[i], font_glyphs[j], FONT_ROWS);
}

/* Light grey has the colours' bits, wherever they are; all else is black; rows keep their distance. */
static void
pixels_have_the_format_of_the_screen(void **state)
{
	static const struct {
		uint8_t pixel_bits;
		struct boot_colour red, green, blue;
		uint32_t light;
	} formats[] = {
		{ 32, { 16, 8 }, { 8, 8 }, { 0, 8 }, 0x00aaaaaa },
		{ 32, { 24, 8 }, { 16, 8 }, { 8, 8 }, 0xaaaaaa00 },
		{ 32, { 0, 10 }, { 10, 10 }, { 20, 10 }, 0x2aaaaaaa },
		{ 32, { 0, 1 }, { 30, 2 }, { 8, 5 }, 0x80001400 },
		{ 24, { 16, 8 }, { 8, 8 }, { 0, 8 }, 0xaaaaaa },
		{ 24, { 0, 5 }, { 5, 6 }, { 11, 5 }, 0xa554 },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(formats); i++) {
		struct screen screen;
		unsigned gap = i % 2 ? 13 : 0;
		unsigned lit = 0;

		open_screen(&screen, 40, 40, formats[i].pixel_bits, gap);
		screen.boot.red = formats[i].red;
		screen.boot.green = formats[i].green;
		screen.boot.blue = formats[i].blue;
		framebuffer_open(&screen.framebuffer, &screen.boot, screen.memory);
		put(&screen, "A");
		for (unsigned y = 0; y < 40; y++) {
			for (unsigned x = 0; x < 40; x++) {
				uint32_t value = pixel(&screen, x, y);

				if (value)
					assert_int_equal(value, formats[i].light);
				lit += value != 0;
			}
			for (unsigned j = 0; y < 39 && j < gap; j++)
				assert_int_equal(
				        screen.memory[(y + 1) * screen.boot.pitch_bytes - gap + j],
				        BETWEEN_ROWS);
		}
		assert_int_equal(read_cell(&screen, 0, 0, 1), 'A');
		assert_in_range(lit, 10, 60);
		close_screen(&screen);
	}
}

/* On a screen of any size text stays inside; large ones have large characters. */
static void
sizes_are_kept(void **state)
{
	static const struct {
		uint32_t width, height;
		unsigned columns, rows, scale;
	} sizes[] = {
		{ 1, 1, 0, 0, 1 },
		{ 7, 400, 0, 25, 1 },
		{ 400, 15, 50, 0, 1 },
		{ 8, 16, 1, 1, 1 },
		{ 13, 33, 1, 2, 1 },
		{ 805, 477, 100, 29, 1 },
		{ 800, 600, 100, 37, 1 },
		{ 1280, 800, 160, 50, 1 },
		{ 1599, 1080, 199, 64, 1 },
		{ 1920, 1080, 120, 33, 2 },
		{ 3840, 2160, 120, 33, 4 },
		{ 5120, 1000, 200, 31, 2 },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(sizes); i++) {
		struct screen screen;

		open_screen(&screen, sizes[i].width, sizes[i].height, i % 2 ? 24 : 32, i % 3);
		assert_int_equal(screen.framebuffer.columns, sizes[i].columns);
		assert_int_equal(screen.framebuffer.rows, sizes[i].rows);
		assert_int_equal(screen.framebuffer.scale, sizes[i].scale);
		for (unsigned j = 0; j < 3 * FRAMEBUFFER_MAX_COLUMNS; j++)
			put(&screen, j % 7 ? "M" : "M\n");
		for (unsigned row = 0; sizes[i].columns && row < sizes[i].rows; row++)
			assert_true(strspn(read_row(&screen, row), "M") ==
			            strlen(read_row(&screen, row)));
		close_screen(&screen);
	}
}

/* A newline ends a line, and so does the last column; what has no glyph is a question mark. */
static void
lines_are_broken(void **state)
{
	struct screen screen;

	(void)state;
	open_screen(&screen, 10 * 8 + 3, 5 * 16 + 3, 32, 0);
	put(&screen, "one\n\n0123456789abc\n~ \t\x80");
	assert_string_equal(read_row(&screen, 0), "one");
	assert_string_equal(read_row(&screen, 1), "");
	assert_string_equal(read_row(&screen, 2), "0123456789");
	assert_string_equal(read_row(&screen, 3), "abc");
	assert_string_equal(read_row(&screen, 4), "~ ??");
	close_screen(&screen);
}

/* After any number of lines the last ones are there, in order, each once, and nothing else. */
static void
lines_scroll(void **state)
{
	(void)state;
	for (unsigned rows = 1; rows <= 20; rows++) {
		struct screen screen;

		open_screen(&screen, 30 * 8, rows * 16, 32, 0);
		for (unsigned line = 0; line < 60; line++) {
			char text[40];
			unsigned seen, expected;

			snprintf(text, sizeof(text), "%sline %u", line ? "\n" : "", line);
			put(&screen, text);
			seen = screen.framebuffer.row;
			assert_true(seen < rows);
			assert_true(seen >= line || seen + FRAMEBUFFER_SCROLL_ROWS >= rows);
			expected = line - seen;
			for (unsigned row = 0; row < rows; row++) {
				snprintf(text, sizeof(text), "line %u", expected + row);
				assert_string_equal(
				        read_row(&screen, row), row <= seen ? text : "");
			}
		}
		close_screen(&screen);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(glyphs_are_those_of_ascii),
		cmocka_unit_test(pixels_have_the_format_of_the_screen),
		cmocka_unit_test(sizes_are_kept),
		cmocka_unit_test(lines_are_broken),
		cmocka_unit_test(lines_scroll),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
