/* The VGA text screen: where a BIOS has started the machine. */
#pragma once

#include <stddef.h>

#define VGA_COLUMNS 80
#define VGA_ROWS    25

void vga_clear(void);
void vga_write(const char *bytes, size_t size);
