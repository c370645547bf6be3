/* The VGA text screen: what a student without a serial line sees. */
#pragma once

#include <stddef.h>

void vga_clear(void);
void vga_write(const char *bytes, size_t size);
