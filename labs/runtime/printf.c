/* lab_printf(): formats as the kernel does and passes the text on by INT 33h. */
#include <stdarg.h>

#include <r33/lab.h>

#include "lib/format.h"

#define SERVICE_PRINT 1
#define BUFFER_BYTES  256 /* the most one call of the service takes */

static void
print(const char *text, size_t size)
{
	long service = SERVICE_PRINT;

	__asm__ volatile("int $0x33" : "+a"(service) : "D"(text), "S"(size) : "memory");
}

static void
print_sink(void *context, const char *bytes, size_t size)
{
	(void)context;
	while (size > 0) {
		size_t chunk = size < BUFFER_BYTES ? size : BUFFER_BYTES;

		print(bytes, chunk);
		bytes += chunk;
		size -= chunk;
	}
}

void
lab_printf(const char *format, ...)
{
	char text[BUFFER_BYTES];
	va_list arguments;
	size_t size;

	va_start(arguments, format);
	size = format_string_va(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (size < sizeof(text)) {
		print(text, size);
		return;
	}
	/* Too long for one call: send it in pieces. */
	va_start(arguments, format);
	format_va(print_sink, NULL, format, arguments);
	va_end(arguments);
}
