/*
 * Prints the text on a machine's screen, as a person would read it there:
 *
 *	screen vga MEMORY CELL          VGA text: memory from B8000h on; what is shown begins at CELL
 *	screen cells MEMORY             a framebuffer, by what the kernel says it has drawn: its struct framebuffer
 *	screen picture FONT FILE.ppm    a framebuffer, by its pixels: each character is compared with the PSF font
 *
 * Blank lines at the end are left out.  Fails where the picture is not made of the font's characters.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/framebuffer.h"
#include "dev/vga.h"

enum { PSF_HEADER_BYTES = 4, LARGEST_SCALE = 16, CELL_BYTES = 2, MEMORY_CELLS = 0x4000 };

struct bytes {
	unsigned char *data;
	size_t size;
};

struct picture {
	unsigned width, height;
	const unsigned char *pixels; /* three bytes each */
};

static void
fail(const char *file, const char *what)
{
	fprintf(stderr, "screen: %s: %s\n", file, what);
	exit(1);
}

static struct bytes
read_all(const char *file)
{
	enum { LIMIT = 64 << 20 };
	struct bytes bytes = { malloc(LIMIT), 0 };
	FILE *stream = fopen(file, "rb");

	if (!stream || !bytes.data)
		fail(file, "cannot read it");
	bytes.size = fread(bytes.data, 1, LIMIT, stream);
	fclose(stream);
	return bytes;
}

/* A line without the blanks at its end; blank lines only before others. */
static void
print_line(const char *text, size_t length)
{
	static unsigned blank_lines;

	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\0'))
		length--;
	if (length == 0) {
		blank_lines++;
		return;
	}
	for (; blank_lines > 0; blank_lines--)
		putchar('\n');
	printf("%.*s\n", (int)length, text);
}

static void
print_vga(const char *file, const char *first)
{
	struct bytes memory = read_all(file);
	size_t start = strtoul(first, NULL, 0);

	for (size_t row = 0; row < VGA_ROWS; row++) {
		char line[VGA_COLUMNS];

		for (size_t column = 0; column < VGA_COLUMNS; column++) {
			size_t at =
			        (start + row * VGA_COLUMNS + column) % MEMORY_CELLS * CELL_BYTES;

			if (at >= memory.size)
				fail(file, "it ends too early");
			line[column] = (char)memory.data[at];
		}
		print_line(line, sizeof(line));
	}
}

static void
print_cells(const char *file)
{
	struct bytes memory = read_all(file);
	struct framebuffer framebuffer;

	if (memory.size < sizeof(framebuffer))
		fail(file, "it ends too early");
	memcpy(&framebuffer, memory.data, sizeof(framebuffer));
	if (framebuffer.rows > FRAMEBUFFER_MAX_ROWS ||
	        framebuffer.columns > FRAMEBUFFER_MAX_COLUMNS)
		fail(file, "that is no struct framebuffer");
	for (unsigned row = 0; row < framebuffer.rows; row++)
		print_line((const char *)framebuffer.cells[row], framebuffer.columns);
}

/* Has the pixel some light? */
static bool
is_lit(const struct picture *picture, unsigned x, unsigned y)
{
	const unsigned char *pixel = picture->pixels + 3 * ((size_t)y * picture->width + x);

	return pixel[0] || pixel[1] || pixel[2];
}

static bool
looks_like(const struct picture *picture, unsigned left, unsigned top, unsigned scale,
        const unsigned char *glyph)
{
	for (unsigned y = 0; y < FONT_ROWS * scale; y++)
		for (unsigned x = 0; x < FONT_WIDTH * scale; x++) {
			bool wanted = glyph[y / scale] & 0x80 >> x / scale;

			if (is_lit(picture, left + x, top + y) != wanted)
				return false;
		}
	return true;
}

/* The character at a place, 0 when it is none. */
static char
character_at(const struct picture *picture, unsigned left, unsigned top, unsigned scale,
        const struct bytes *font)
{
	for (char c = FONT_FIRST; c <= FONT_LAST; c++)
		if (looks_like(picture, left, top, scale,
		            font->data + PSF_HEADER_BYTES + FONT_ROWS * c))
			return c;
	return 0;
}

/* All of the picture at this scale into text[rows * columns]; false: something else is on it. */
static bool
read_picture(const struct picture *picture, unsigned scale, const struct bytes *font, char *text)
{
	unsigned columns = picture->width / (FONT_WIDTH * scale);
	unsigned rows = picture->height / (FONT_ROWS * scale);

	for (unsigned row = 0; row < rows; row++)
		for (unsigned column = 0; column < columns; column++) {
			*text = character_at(picture, column * FONT_WIDTH * scale,
			        row * FONT_ROWS * scale, scale, font);
			if (!*text++)
				return false;
		}
	return true;
}

static void
print_picture(const char *font_file, const char *file)
{
	struct bytes font = read_all(font_file);
	struct bytes bytes = read_all(file);
	struct picture picture = { 0 };
	int header = 0;
	char *text;

	if (font.size < PSF_HEADER_BYTES + FONT_ROWS * (FONT_LAST + 1))
		fail(font_file, "that is no such font");
	if (sscanf((const char *)bytes.data, "P6 %u %u 255%n", &picture.width, &picture.height,
	            &header) != 2 ||
	        header == 0 ||
	        bytes.size < (size_t)header + 1 + 3ull * picture.width * picture.height)
		fail(file, "that is no whole PPM picture");
	picture.pixels = bytes.data + header + 1;
	text = malloc((size_t)picture.width * picture.height + 1);
	for (unsigned scale = 1; text && scale <= LARGEST_SCALE; scale++) {
		unsigned columns = picture.width / (FONT_WIDTH * scale);
		unsigned rows = picture.height / (FONT_ROWS * scale);

		if (!read_picture(&picture, scale, &font, text))
			continue;
		for (unsigned row = 0; row < rows; row++)
			print_line(text + (size_t)row * columns, columns);
		return;
	}
	fail(file, "there is something else than the font's characters");
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "vga") == 0) {
		print_vga(argv[2], argv[3]);
	} else if (argc == 3 && strcmp(argv[1], "cells") == 0) {
		print_cells(argv[2]);
	} else if (argc == 4 && strcmp(argv[1], "picture") == 0) {
		print_picture(argv[2], argv[3]);
	} else {
		fputs("usage: screen vga MEMORY CELL | cells MEMORY | picture FONT FILE.ppm\n",
		        stderr);
		return 2;
	}
	return 0;
}
