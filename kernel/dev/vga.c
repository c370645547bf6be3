/*
 * The VGA text screen: 80 by 25 characters, without a cursor.  It scrolls by showing another part
 * of its memory: moving the text would cost an emulator thousands of slow accesses a line.
 */
#include "dev/vga.h"

#include <stdint.h>

#include "cpu/x86.h"
#include "lib/string.h"

#define CELLS      0x4000 /* 32 KiB of two bytes each */
#define ATTRIBUTE  0x0700 /* light grey on black */
#define CRTC_INDEX 0x3d4
#define CRTC_DATA  0x3d5
#define START_HIGH 0x0c /* the first cell shown */
#define START_LOW  0x0d

static uint16_t *const memory = (uint16_t *)0xb8000;
static unsigned top; /* the first cell shown */
static unsigned row, column;

static void
show_from(unsigned cell)
{
	top = cell;
	outb(CRTC_INDEX, START_HIGH);
	outb(CRTC_DATA, (uint8_t)(cell >> 8));
	outb(CRTC_INDEX, START_LOW);
	outb(CRTC_DATA, (uint8_t)cell);
}

static void
blank(unsigned cell, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		memory[cell + i] = ATTRIBUTE | ' ';
}

static void
new_line(void)
{
	unsigned next_top = top + VGA_COLUMNS;

	column = 0;
	if (++row < VGA_ROWS)
		return;
	row = VGA_ROWS - 1;
	if (next_top + VGA_ROWS * VGA_COLUMNS > CELLS) {
		memmove(memory, memory + next_top, row * VGA_COLUMNS * sizeof(memory[0]));
		next_top = 0;
	}
	blank(next_top + row * VGA_COLUMNS, VGA_COLUMNS);
	show_from(next_top);
}

void
vga_clear(void)
{
	row = column = 0;
	blank(0, VGA_ROWS * VGA_COLUMNS);
	show_from(0);
}

void
vga_write(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n') {
			new_line();
			continue;
		}
		if (column == VGA_COLUMNS)
			new_line();
		memory[top + row * VGA_COLUMNS + column++] = ATTRIBUTE | (uint8_t)bytes[i];
	}
}
