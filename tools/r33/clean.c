/*
 * Text that a lab may have chosen, made safe for a terminal.
 *
 * A terminal obeys what it is sent: without this, "lab_printf" could retitle the window of the
 * teacher, overwrite the verdict above it, or type into the shell.
 */
#include <stdlib.h>
#include <string.h>

#include "util.h"

struct code_point_range {
	uint32_t first, last;
};

/* Code points that change how other text is shown, and those that no text may contain. */
static const struct code_point_range unsafe[] = {
	{ 0x00, 0x08 }, { 0x0b, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, /* soft hyphen */
	{ 0x61c, 0x61c },                                               /* Arabic letter mark */
	{ 0x200b, 0x200f },   /* zero width, direction marks */
	{ 0x2028, 0x202e },   /* separators, embeddings and overrides */
	{ 0x2060, 0x206f },   /* invisible operators, isolates */
	{ 0xd800, 0xdfff },   /* surrogates */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0xe0000, 0xe0fff }, /* tags */
};

/* Decode one code point of at most `length` bytes; 0 bytes used means: this is no UTF-8. */
static size_t
decode_utf8(const unsigned char *bytes, size_t length, uint32_t *code_point)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = bytes[0] < 0x80   ? 1
	              : bytes[0] < 0xc0 ? 0
	              : bytes[0] < 0xe0 ? 2
	              : bytes[0] < 0xf0 ? 3
	              : bytes[0] < 0xf8 ? 4
	                                : 0;

	if (size == 0 || size > length)
		return 0;
	*code_point = size == 1 ? bytes[0] : bytes[0] & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*code_point = *code_point << 6 | (bytes[i] & 0x3f);
	}
	return *code_point < smallest[size] || *code_point > 0x10ffff ? 0 : size;
}

/* Does the code point change anything but its own place on the screen? */
static bool
is_unsafe(uint32_t code_point)
{
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
		if (code_point >= unsafe[i].first && code_point <= unsafe[i].last)
			return true;
	}
	return false;
}

/* Write one code point or the escape that stands for it. */
static void
write_code_point(
        FILE *out, const unsigned char *bytes, size_t size, uint32_t code_point, int indent)
{
	if (size == 0)
		fprintf(out, "\\x%02x", bytes[0]);
	else if (code_point == '\n')
		fprintf(out, "\n%*s", indent, "");
	else if (!is_unsafe(code_point))
		fwrite(bytes, 1, size, out);
	else if (code_point <= 0xff)
		fprintf(out, "\\x%02x", code_point);
	else
		fprintf(out, "\\u{%x}", code_point);
}

/* Write the text so that a terminal shows it and obeys nothing in it. */
void
write_clean(FILE *out, const char *text, int indent)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = strlen(text);
	size_t size;
	uint32_t code_point = 0;

	for (size_t i = 0; i < length; i += size ? size : 1) {
		if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
			size = 1;
			continue;
		}
		size = decode_utf8(bytes + i, length - i, &code_point);
		write_code_point(out, bytes + i, size, code_point, indent);
	}
}

/* The same text as a string of its own. */
char *
clean_string(const char *text)
{
	char *clean = NULL;
	size_t length;
	FILE *out = open_memstream(&clean, &length);

	if (!out)
		return copy_string("");
	write_clean(out, text, 0);
	fclose(out);
	return clean;
}
