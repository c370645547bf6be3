/*
 * Text as it comes out of mails, logs, web pages and terminals, without what these add to it:
 * colours, carriage returns, HTML tags and entities, quoted-printable, quote marks, fancy blanks.
 *
 * Lines stay lines, so that a value can be found again in the input.  Time stamps and names of
 * hosts stay too: they are tokens that no pattern looks for.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <r33/array.h>

#include "base/util.h"
#include "parse.h"

enum {
	LONGEST_TAG = 300,        /* <span style=…> */
	SHORTEST_SOFT_BREAK = 60, /* quoted-printable breaks lines after 75 characters or so */
};

/* The text is cleaned in place: an escape is never shorter than what it means. */
struct cleaner {
	char *out;
	size_t length;
	bool line_begins; /* nothing but quote marks so far */
	int owed_lines;   /* line ends that were swallowed in the middle of a line */
};

/* How a character or a blank is written in HTML and in UTF-8. */
static const struct {
	const char *text;
	char character;
} replacements[] = {
	{ "&gt;", '>' },
	{ "&lt;", '<' },
	{ "&amp;", '&' },
	{ "&quot;", '"' },
	{ "&#39;", '\'' },
	{ "&nbsp;", ' ' },
	{ "&#160;", ' ' },
	{ "&#xa0;", ' ' },
	{ "&#xA0;", ' ' },
	{ "&equals;", '=' },
	{ "&#61;", '=' },
	{ "&#42;", '*' },
	{ "&ast;", '*' },
	{ "\xc2\xa0", ' ' },     /* no-break space */
	{ "\xe2\x80\x89", ' ' }, /* thin space */
	{ "\xe2\x80\xaf", ' ' }, /* narrow no-break space */
	{ "\xe3\x80\x80", ' ' }, /* ideographic space */
	{ "\xef\xbb\xbf", ' ' }, /* byte order mark */
	{ "\\n", ' ' },          /* text inside a JSON string */
	{ "\\r", ' ' },
	{ "\\t", ' ' },
	{ "\\_", '_' }, /* Markdown */
	{ "\\*", '*' },
	{ "\\=", '=' },
	{ "\\|", '|' },
	{ "\\>", '>' },
	{ "\\[", '[' },
	{ "\\]", ']' },
};

/* HTML elements that a dump may contain; those that are inside a line leave no blank. */
static const struct {
	const char *name;
	bool inside;
} elements[] = {
	{ "pre", false },
	{ "br", false },
	{ "p", false },
	{ "div", false },
	{ "td", false },
	{ "tr", false },
	{ "li", false },
	{ "blockquote", false },
	{ "html", false },
	{ "body", false },
	{ "code", true },
	{ "span", true },
	{ "font", true },
	{ "tt", true },
	{ "b", true },
	{ "i", true },
	{ "em", true },
	{ "strong", true },
	{ "a", true },
	{ "wbr", true },
};

/* The value of an upper-case hexadecimal digit, as quoted-printable has them, or -1. */
static int
quoted_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9'   ? byte - '0'
	       : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
	                                    : -1;
}

/* Is the word in the line? */
static bool
contains(const unsigned char *line, size_t length, const char *word)
{
	return memmem(line, length, word, strlen(word)) != NULL;
}

/* Was the line written as quoted-printable?  Every "=" in it is "=3D" then. */
static bool
is_quoted_printable(const unsigned char *line, size_t length)
{
	return contains(line, length, "=3D") || contains(line, length, "=C2=A0") ||
	       contains(line, length, "=A0") ||
	       (length >= 3 && memcmp(line + length - 3, "=20", 3) == 0);
}

/* The length of a terminal's escape sequence, 0 if there is none. */
static size_t
escape_sequence(const unsigned char *text, size_t length)
{
	size_t i = 1;

	if (text[0] != 0x1b)
		return 0;
	if (length < 2)
		return 1;
	if (text[1] == '[') { /* parameters, then a final byte */
		for (i = 2; i < length && (text[i] < 0x40 || text[i] > 0x7e);)
			i++;
	} else if (text[1] == ']') { /* a text, then BEL or another sequence */
		while (i < length && text[i] != 0x07 && text[i] != 0x1b)
			i++;
		return i < length && text[i] == 0x07 ? i + 1 : i;
	} else { /* a character set and the like */
		while (i < length && text[i] >= 0x20 && text[i] <= 0x2f)
			i++;
	}
	return i < length ? i + 1 : length;
}

/* The length of a tag, 0 if there is none; `inside` says whether it leaves a blank. */
static size_t
tag(const unsigned char *text, size_t length, bool *inside)
{
	const unsigned char *close;
	size_t name = 1;
	size_t name_length = 0;

	if (text[0] != '<')
		return 0;
	close = memchr(text, '>', length < LONGEST_TAG ? length : LONGEST_TAG);
	if (!close)
		return 0;
	if (text[name] == '/')
		name++;
	while ((text[name + name_length] | 0x20) >= 'a' && (text[name + name_length] | 0x20) <= 'z')
		name_length++;
	for (size_t i = 0; i < COUNT(elements); i++) {
		if (strlen(elements[i].name) == name_length &&
		        strncasecmp(elements[i].name, (const char *)text + name, name_length) ==
		                0) {
			*inside = elements[i].inside;
			return (size_t)(close - text) + 1;
		}
	}
	return 0;
}

/* Append a character; quote marks and blanks at the beginning of a line are none. */
static void
put(struct cleaner *cleaner, char character)
{
	if (cleaner->line_begins && (character == '>' || character == '|' || character == ' '))
		return;
	cleaner->line_begins = false;
	cleaner->out[cleaner->length++] = character;
}

/* Append one character of the line or what it means; returns how many bytes it has. */
static size_t
clean_character(struct cleaner *cleaner, const unsigned char *text, size_t length)
{
	bool inside = false;
	size_t size = escape_sequence(text, length);
	unsigned char before =
	        cleaner->length > 0 ? (unsigned char)cleaner->out[cleaner->length - 1] : 0;

	if (size > 0)
		return size;
	size = tag(text, length, &inside);
	if (size > 0) {
		if (!inside)
			put(cleaner, ' ');
		return size;
	}
	if (*text == '&' || *text == '\\' || *text >= 0x80) {
		for (size_t i = 0; i < COUNT(replacements); i++) {
			size = strlen(replacements[i].text);
			if (size <= length && memcmp(text, replacements[i].text, size) == 0) {
				put(cleaner, replacements[i].character);
				return size;
			}
		}
	}
	/*
	 * A no-break space of Latin 1, unless it is the end of some UTF-8 character; or that of
	 * UTF-8 with a soft line break in it.
	 */
	if (*text == 0xa0 && (before & 0x80) == 0)
		put(cleaner, ' ');
	else if (*text == 0xa0 && before == 0xc2)
		cleaner->out[cleaner->length - 1] = ' ';
	else
		put(cleaner, *text < ' ' || *text == 0x7f ? ' ' : (char)*text);
	return 1;
}

/* Undo quoted-printable in the line, in place; returns its new length. */
static size_t
decode_quoted_printable(unsigned char *line, size_t length)
{
	size_t out = 0;

	for (size_t i = 0; i < length; i++) {
		if (line[i] == '=' && i + 2 < length && quoted_digit(line[i + 1]) >= 0 &&
		        quoted_digit(line[i + 2]) >= 0) {
			line[out++] = (unsigned char)(quoted_digit(line[i + 1]) << 4 |
			                              quoted_digit(line[i + 2]));
			i += 2;
		} else {
			line[out++] = line[i];
		}
	}
	return out;
}

/* Clean one line, which ends before its line end; `soft`: the next one continues it. */
static void
clean_line(struct cleaner *cleaner, unsigned char *line, size_t length, bool ends, bool soft)
{
	for (size_t i = 0; i < length;)
		i += clean_character(cleaner, line + i, length - i);
	if (!ends)
		return;
	if (soft) {
		cleaner->owed_lines++;
		return;
	}
	for (; cleaner->owed_lines >= 0; cleaner->owed_lines--)
		cleaner->out[cleaner->length++] = '\n';
	cleaner->owed_lines = 0;
	cleaner->line_begins = true;
}

/* UTF-16, as some editors and shells save it, becomes bytes, in place; returns the new size. */
static size_t
decode_utf16(char *text, size_t size)
{
	bool little = size >= 2 && memcmp(text, "\xff\xfe", 2) == 0;
	bool big = size >= 2 && memcmp(text, "\xfe\xff", 2) == 0;
	size_t out = 0;

	if (!little && !big)
		return size;
	for (size_t i = 2; i + 1 < size; i += 2) {
		char low = text[little ? i : i + 1];
		char high = text[little ? i + 1 : i];

		text[out++] = high == 0 ? low : '?';
	}
	return out;
}

/* The text, clean; the caller frees it. */
char *
dump_clean(const char *bytes, size_t size, size_t *clean_size)
{
	char *copy = copy_bytes(bytes, size);
	struct cleaner cleaner = { .out = copy, .line_begins = true };
	bool quoted_printable;
	size_t next;

	size = decode_utf16(copy, size);
	quoted_printable = memmem(copy, size, "=3D", 3) != NULL;
	for (size_t at = 0; at < size; at = next) {
		unsigned char *line = (unsigned char *)copy + at;
		unsigned char *newline = memchr(line, '\n', size - at);
		size_t length = newline ? (size_t)(newline - line) : size - at;
		bool soft = false;

		next = at + length + (newline ? 1 : 0);
		while (newline && length > 0 && line[length - 1] == '\r')
			length--;
		if (quoted_printable && length > 0 && line[length - 1] == '=' &&
		        (length > SHORTEST_SOFT_BREAK || is_quoted_printable(line, length))) {
			soft = true;
			length--;
		}
		if (is_quoted_printable(line, length))
			length = decode_quoted_printable(line, length);
		clean_line(&cleaner, line, length, newline != NULL, soft);
	}
	*clean_size = cleaner.length;
	return copy;
}
