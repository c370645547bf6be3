/* printf's engine. */
#include "lib/format.h"

#include <stdbool.h>
#include <stdint.h>

#include "lib/string.h"

struct specification {
	bool left;
	bool zeros;
	bool alternative; /* '#' */
	unsigned width;
	unsigned longs; /* how many 'l' */
};

struct output {
	format_sink *sink;
	void *context;
};

static void
put_padding(const struct output *out, char c, unsigned width, size_t used)
{
	for (; used < width; used++)
		out->sink(out->context, &c, 1);
}

static void
put_text(const struct output *out, const struct specification *spec, const char *text, size_t size)
{
	if (!spec->left)
		put_padding(out, ' ', spec->width, size);
	out->sink(out->context, text, size);
	if (spec->left)
		put_padding(out, ' ', spec->width, size);
}

/* prefix: "", "-" or "0x"; it comes before leading zeros and after leading blanks. */
static void
put_number(const struct output *out, struct specification spec, uint64_t value, unsigned base,
        bool upper, const char *prefix)
{
	char digits[24];
	size_t count = sizeof(digits);
	size_t prefix_size = strlen(prefix);

	do {
		digits[--count] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
		value /= base;
	} while (value);
	if (spec.zeros && !spec.left) {
		out->sink(out->context, prefix, prefix_size);
		put_padding(out, '0', spec.width, prefix_size + sizeof(digits) - count);
		prefix_size = 0;
		spec.width = 0;
	} else if (prefix_size) {
		/* Join the two: at most 2 + 20 characters. */
		count -= prefix_size;
		memcpy(digits + count, prefix, prefix_size);
	}
	put_text(out, &spec, digits + count, sizeof(digits) - count);
}

static const char *
parse_specification(const char *format, struct specification *spec)
{
	*spec = (struct specification){ 0 };
	for (;; format++) {
		if (*format == '-')
			spec->left = true;
		else if (*format == '0')
			spec->zeros = true;
		else if (*format == '#')
			spec->alternative = true;
		else
			break;
	}
	for (; *format >= '0' && *format <= '9'; format++)
		if (spec->width < 256)
			spec->width = spec->width * 10 + (unsigned)(*format - '0');
	for (; *format == 'l' || *format == 'z'; format++)
		spec->longs++;
	return format;
}

/* One argument's worth of variadic state, passed on by pointer. */
struct arguments {
	va_list list;
};

static uint64_t
next_unsigned(struct arguments *arguments, const struct specification *spec)
{
	return spec->longs ? va_arg(arguments->list, unsigned long)
	                   : va_arg(arguments->list, unsigned);
}

static void
put_conversion(const struct output *out, char conversion, const struct specification *spec,
        struct arguments *arguments)
{
	int64_t number;
	const char *text;
	char c;

	switch (conversion) {
	case 'd':
	case 'i':
		number = spec->longs ? va_arg(arguments->list, long) : va_arg(arguments->list, int);
		put_number(out, *spec, number < 0 ? -(uint64_t)number : (uint64_t)number, 10, false,
		        number < 0 ? "-" : "");
		break;
	case 'u': put_number(out, *spec, next_unsigned(arguments, spec), 10, false, ""); break;
	case 'x':
	case 'X':
		put_number(out, *spec, next_unsigned(arguments, spec), 16, conversion == 'X',
		        spec->alternative ? "0x" : "");
		break;
	case 'p':
		put_number(out, *spec, (uintptr_t)va_arg(arguments->list, void *), 16, false, "0x");
		break;
	case 's':
		text = va_arg(arguments->list, const char *);
		text = text ? text : "(null)";
		put_text(out, spec, text, strlen(text));
		break;
	case 'c':
		c = (char)va_arg(arguments->list, int);
		put_text(out, spec, &c, 1);
		break;
	default: /* "%%", and what we do not know: shown as it is */
		out->sink(out->context, &conversion, 1);
		break;
	}
}

void
format_va(format_sink *sink, void *context, const char *format, va_list list)
{
	struct output out = { sink, context };
	struct arguments arguments;
	struct specification spec;

	va_copy(arguments.list, list);
	while (*format) {
		size_t plain = 0;

		while (format[plain] && format[plain] != '%')
			plain++;
		if (plain)
			sink(context, format, plain);
		format += plain;
		if (*format != '%')
			break;
		format = parse_specification(format + 1, &spec);
		if (!*format)
			break;
		put_conversion(&out, *format++, &spec, &arguments);
	}
	va_end(arguments.list);
}

struct text_buffer {
	char *text;
	size_t size;
	size_t used;
};

static void
text_sink(void *context, const char *bytes, size_t size)
{
	struct text_buffer *buffer = context;

	for (size_t i = 0; i < size; i++, buffer->used++)
		if (buffer->used + 1 < buffer->size)
			buffer->text[buffer->used] = bytes[i];
}

size_t
format_string_va(char *text, size_t size, const char *format, va_list arguments)
{
	struct text_buffer buffer = { text, size, 0 };

	format_va(text_sink, &buffer, format, arguments);
	if (size)
		text[buffer.used < size ? buffer.used : size - 1] = '\0';
	return buffer.used;
}

size_t
format_string(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = format_string_va(text, size, format, arguments);
	va_end(arguments);
	return length;
}
