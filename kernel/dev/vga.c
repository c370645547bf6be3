/* The VGA text screen: 80 by 25 characters, scrolled in memory, without a cursor. */
#include "dev/vga.h"

#include <stdint.h>

#include "lib/string.h"

#define COLUMNS   80
#define ROWS      25
#define ATTRIBUTE 0x0700 /* light grey on black */

static volatile uint16_t *const screen = (volatile uint16_t *)0xb8000;
static unsigned row, column;

static void
new_line(void)
{
	column = 0;
	if (++row < ROWS)
		return;
	row = ROWS - 1;
	for (unsigned i = 0; i < (ROWS - 1) * COLUMNS; i++)
		screen[i] = screen[i + COLUMNS];
	for (unsigned i = 0; i < COLUMNS; i++)
		screen[(ROWS - 1) * COLUMNS + i] = ATTRIBUTE | ' ';
}

void
vga_clear(void)
{
	for (unsigned i = 0; i < ROWS * COLUMNS; i++)
		screen[i] = ATTRIBUTE | ' ';
	row = column = 0;
}

void
vga_write(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n') {
			new_line();
			continue;
		}
		if (column == COLUMNS)
			new_line();
		screen[row * COLUMNS + column++] = ATTRIBUTE | (uint8_t)bytes[i];
	}
}
