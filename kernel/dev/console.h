/* The console: COM1 and the screen.  For people; no verdict is ever read from it. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

void console_write(const char *bytes, size_t size);

/* Formats as in lib/format.h. */
void console_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
