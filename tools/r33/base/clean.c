/*
 * Text of foreign origin, made safe for where it is shown: here and nowhere else.
 *
 * A terminal obeys what it is sent: without this, "lab_printf" could retitle the window of the
 * teacher, overwrite the verdict above it, or type into the shell.  XML is not XML any more with a
 * code point that it forbids, and a JSON string is none with a byte that is not UTF-8: the first
 * symptom is a report that no reader takes, or a compiler's message that is missing.  So what cannot
 * be shown is shown as an escape, and nothing is left out.
 */
#include "clean.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "memory.h"

struct code_point_range {
	uint32_t first, last;
};

/* Code points that change how other text is shown: harmless in JSON, which escapes them. */
static const struct code_point_range unsafe[] = {
	{ 0x00, 0x08 }, { 0x0b, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, /* soft hyphen */
	{ 0x61c, 0x61c },                                               /* Arabic letter mark */
	{ 0x200b, 0x200f },   /* zero width, direction marks */
	{ 0x2028, 0x202e },   /* separators, embeddings and overrides */
	{ 0x2060, 0x206f },   /* invisible operators, isolates */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0xe0000, 0xe0fff }, /* tags */
};

/* What no text may contain, whoever reads it. */
static bool
is_forbidden(uint32_t code_point)
{
	return (code_point >= 0xd800 && code_point <= 0xdfff) || /* surrogates */
	       (code_point >= 0xfdd0 && code_point <= 0xfdef) || /* noncharacters */
	       (code_point & 0xfffe) == 0xfffe; /* U+FFFE and U+FFFF of each plane */
}

/* Decode one code point of at most `length` bytes; 0 bytes used means: this is not UTF-8. */
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
	for (size_t i = 0; i < COUNT(unsafe); i++) {
		if (code_point >= unsafe[i].first && code_point <= unsafe[i].last)
			return true;
	}
	return false;
}

/* Write one code point or its escape. */
static void
write_code_point(FILE *out, const unsigned char *bytes, size_t size, uint32_t code_point)
{
	if (size == 0)
		fprintf(out, "\\x%02x", bytes[0]);
	else if (!is_forbidden(code_point) && !is_unsafe(code_point))
		fwrite(bytes, 1, size, out);
	else if (code_point <= 0xff)
		fprintf(out, "\\x%02x", code_point);
	else
		fprintf(out, "\\u{%x}", code_point);
}

void
write_clean_bytes(FILE *out, const char *text, size_t length, int indent)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t size;
	uint32_t code_point = 0;

	for (size_t i = 0; i < length; i += size ? size : 1) {
		if (bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n') {
			size = 1;
			continue;
		}
		size = decode_utf8(bytes + i, length - i, &code_point);
		if (bytes[i] == '\n')
			fprintf(out, "\n%*s", indent, "");
		else
			write_code_point(out, bytes + i, size, code_point);
	}
}

void
write_clean(FILE *out, const char *text, int indent)
{
	write_clean_bytes(out, text, strlen(text), indent);
}

/* What was written to a stream in memory, or "" if there was none. */
static char *
close_string(FILE *out, char **text)
{
	if (!out || fclose(out) != 0)
		return copy_string("");
	return *text;
}

char *
clean_string(const char *text)
{
	char *clean = NULL;
	size_t length;
	FILE *out = open_memstream(&clean, &length);

	if (out)
		write_clean(out, text, 0);
	return close_string(out, &clean);
}

/* Is it text as every reader of JSON takes it? */
static bool
is_text(const unsigned char *bytes, size_t length)
{
	uint32_t code_point = 0;
	size_t size;

	for (size_t i = 0; i < length; i += size) {
		size = decode_utf8(bytes + i, length - i, &code_point);
		if (size == 0 || is_forbidden(code_point))
			return false;
	}
	return true;
}

char *
valid_string(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t size, left = strlen(text), length;
	uint32_t code_point = 0;
	char *valid = NULL;
	FILE *out;

	if (is_text(bytes, left))
		return copy_string(text);
	out = open_memstream(&valid, &length);
	for (; out && left > 0; bytes += size, left -= size) {
		size = decode_utf8(bytes, left, &code_point);
		if (size > 0 && !is_forbidden(code_point))
			fwrite(bytes, 1, size, out);
		else
			write_code_point(out, bytes, size, code_point);
		size = size ? size : 1;
	}
	return close_string(out, &valid);
}

char *
cut_string(const char *text, size_t most)
{
	static const char mark[] = "...";
	/* What follows cannot change what is before it: a name of megabytes is not read to its end. */
	char *start = copy_bytes(text, strnlen(text, most + 1));
	char *valid = valid_string(start);
	size_t length = strlen(valid);

	free(start);
	if (length <= most)
		return valid;
	length = most - strlen(mark);
	while (length > 0 && ((unsigned char)valid[length] & 0xc0) == 0x80)
		length--;
	memcpy(valid + length, mark, sizeof(mark));
	return valid;
}

json_t *
text_json(const char *text)
{
	char *valid;
	json_t *string;

	if (!text)
		return json_null();
	valid = valid_string(text);
	string = json_string(valid);
	free(valid);
	return string;
}

json_t *
name_json(const char *name)
{
	char *cut;
	json_t *string;

	if (!name)
		return json_null();
	cut = cut_string(name, NAME_BYTES);
	string = json_string(cut);
	free(cut);
	return string;
}

/* Part of a JSON text.  DEL is the one control character that JSON does not escape. */
static int
write_json_part(const char *bytes, size_t length, void *out)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == 0x7f)
			fputs("\\u007f", out);
		else
			fputc(bytes[i], out);
	}
	return ferror((FILE *)out) ? -1 : 0;
}

bool
write_json(FILE *out, const json_t *json, size_t flags)
{
	return json_dump_callback(json, write_json_part, out, flags | JSON_ENSURE_ASCII) == 0;
}
