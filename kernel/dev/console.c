/* The console: COM1 and the screen. */
#include "dev/console.h"

#include "dev/screen.h"
#include "dev/serial.h"
#include "lib/format.h"

void
console_write(const char *bytes, size_t size)
{
	serial_write(SERIAL_CONSOLE, bytes, size);
	screen_write(bytes, size);
}

static void
console_sink(void *context, const char *bytes, size_t size)
{
	(void)context;
	console_write(bytes, size);
}

void
console_printf(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_va(console_sink, NULL, format, arguments);
	va_end(arguments);
}
