/*
 * printf's engine: formats into any sink.  Knows %d %i %u %x %X %p %s %c %%, the lengths l, ll
 * and z, a width, leading zeros, '-' (left) and '#' (0x).  Shared by the kernel and the runtime
 * of lab code.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* Takes size bytes of output. */
typedef void format_sink(void *context, const char *bytes, size_t size);

void format_va(format_sink *sink, void *context, const char *format, va_list arguments);

/* Into text[0..size): always terminated, cut when too long. Returns the length without the cut. */
size_t format_string_va(char *text, size_t size, const char *format, va_list arguments);
size_t format_string(char *text, size_t size, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
