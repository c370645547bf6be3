/*
 * Text on a linear framebuffer, as GRUB leaves it where there is no VGA text: under UEFI.
 *
 * Pure: writes pixels[0..pitch_bytes * height) and nothing else, reads none of it.  tests/unit draws
 * into memory.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/boot_information.h"

#define FRAMEBUFFER_MAX_COLUMNS 200
#define FRAMEBUFFER_MAX_ROWS    64

/* A full screen makes room for this many rows at once: moving the text is what costs time. */
#define FRAMEBUFFER_SCROLL_ROWS 8

#define FONT_FIRST ' '
#define FONT_LAST  '~'
#define FONT_WIDTH 8
#define FONT_ROWS  16

extern const uint8_t font_glyphs[FONT_LAST - FONT_FIRST + 1][FONT_ROWS]; /* font.S */

struct framebuffer {
	uint8_t *pixels;
	uint32_t pitch_bytes;
	unsigned pixel_bytes;
	unsigned scale;         /* each pixel of the font is a square of scale pixels */
	unsigned columns, rows; /* 0 when not even one character fits */
	unsigned column, row;   /* where the next character goes */
	uint32_t foreground, background;
	uint8_t cells[FRAMEBUFFER_MAX_ROWS][FRAMEBUFFER_MAX_COLUMNS]; /* what is shown */
};

/* Begin with an empty screen.  boot: of kind BOOT_SCREEN_RGB; pixels: where it is mapped. */
void framebuffer_open(
        struct framebuffer *framebuffer, const struct boot_framebuffer *boot, void *pixels);

/* Bytes beyond ASCII's printable ones, but newline, are shown as '?'. */
void framebuffer_write(struct framebuffer *framebuffer, const char *bytes, size_t size);
