/*
 * Text on a linear framebuffer.  What is shown is kept in memory: reading a framebuffer is slow, and
 * so is writing it, so only characters that change are drawn.
 */
#include "dev/framebuffer.h"

#include "lib/string.h"

/* The font is enlarged as long as this much text still fits: glyphs of 8 by 16 pixels cannot be read
 * on the screens of today's laptops. */
#define ENOUGH_COLUMNS 100
#define ENOUGH_ROWS    30

#define LIGHT 0xaa /* of 255: VGA's light grey */

static uint32_t
shade(struct boot_colour colour, unsigned light)
{
	uint64_t brightest = (1ull << colour.bits) - 1;

	return (uint32_t)(brightest * light / 255 << colour.position);
}

static unsigned
smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static void
put_pixel(uint8_t *at, uint32_t value, unsigned pixel_bytes)
{
	if (pixel_bytes == sizeof(value)) {
		__builtin_memcpy(at, &value, sizeof(value));
		return;
	}
	for (unsigned i = 0; i < pixel_bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void
draw_row(const struct framebuffer *framebuffer, uint8_t *at, uint8_t bits)
{
	for (unsigned x = 0; x < FONT_WIDTH; x++) {
		uint32_t value =
		        bits & 0x80 >> x ? framebuffer->foreground : framebuffer->background;

		for (unsigned i = 0; i < framebuffer->scale; i++) {
			put_pixel(at, value, framebuffer->pixel_bytes);
			at += framebuffer->pixel_bytes;
		}
	}
}

/* Show a character at a place, unless it is there already. */
static void
show(struct framebuffer *framebuffer, unsigned row, unsigned column, uint8_t character)
{
	unsigned scale = framebuffer->scale;
	const uint8_t *glyph = font_glyphs[character - FONT_FIRST];
	uint8_t *at = framebuffer->pixels +
	              (size_t)row * FONT_ROWS * scale * framebuffer->pitch_bytes +
	              (size_t)column * FONT_WIDTH * scale * framebuffer->pixel_bytes;

	if (framebuffer->cells[row][column] == character)
		return;
	framebuffer->cells[row][column] = character;
	for (unsigned y = 0; y < FONT_ROWS * scale; y++) {
		draw_row(framebuffer, at, glyph[y / scale]);
		at += framebuffer->pitch_bytes;
	}
}

static void
scroll(struct framebuffer *framebuffer, unsigned by)
{
	for (unsigned row = 0; row < framebuffer->rows; row++)
		for (unsigned column = 0; column < framebuffer->columns; column++)
			show(framebuffer, row, column,
			        row + by < framebuffer->rows ? framebuffer->cells[row + by][column]
			                                     : ' ');
	framebuffer->row -= by;
}

static void
new_line(struct framebuffer *framebuffer)
{
	framebuffer->column = 0;
	if (++framebuffer->row == framebuffer->rows)
		scroll(framebuffer, smaller(FRAMEBUFFER_SCROLL_ROWS, framebuffer->rows));
}

void
framebuffer_open(struct framebuffer *framebuffer, const struct boot_framebuffer *boot, void *pixels)
{
	unsigned scale = smaller(boot->width / (FONT_WIDTH * ENOUGH_COLUMNS),
	        boot->height / (FONT_ROWS * ENOUGH_ROWS));

	if (scale == 0)
		scale = 1;
	*framebuffer = (struct framebuffer){
		.pixels = pixels,
		.pitch_bytes = boot->pitch_bytes,
		.pixel_bytes = boot->pixel_bits / 8u,
		.scale = scale,
		.columns = smaller(boot->width / (FONT_WIDTH * scale), FRAMEBUFFER_MAX_COLUMNS),
		.rows = smaller(boot->height / (FONT_ROWS * scale), FRAMEBUFFER_MAX_ROWS),
		.foreground = shade(boot->red, LIGHT) | shade(boot->green, LIGHT) |
		              shade(boot->blue, LIGHT),
	};
	memset(framebuffer->cells, ' ', sizeof(framebuffer->cells));
	for (uint32_t y = 0; y < boot->height; y++)
		memset(framebuffer->pixels + (size_t)y * boot->pitch_bytes, 0,
		        (size_t)boot->width * framebuffer->pixel_bytes);
}

void
framebuffer_write(struct framebuffer *framebuffer, const char *bytes, size_t size)
{
	if (framebuffer->columns == 0 || framebuffer->rows == 0)
		return;
	for (size_t i = 0; i < size; i++) {
		uint8_t character = (uint8_t)bytes[i];

		if (character == '\n') {
			new_line(framebuffer);
			continue;
		}
		if (framebuffer->column == framebuffer->columns)
			new_line(framebuffer);
		if (character < FONT_FIRST || character > FONT_LAST)
			character = '?';
		show(framebuffer, framebuffer->row, framebuffer->column++, character);
	}
}
