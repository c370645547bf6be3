/* Tokens of a dump's text, and patterns of them. */
#include <string.h>

#include "base/cursor.h"
#include "base/util.h"
#include "parse.h"

enum { LONGEST_WORD = 64 };

/* How a value is written. */
struct shape {
	enum { PREFIX_NONE, PREFIX_0X, PREFIX_ANY } prefix;
	size_t shortest, longest; /* digits */
	bool only_these;          /* nothing between the two */
};

/* May the byte be part of a word? */
static bool
is_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte == '-' ||
	       byte == '?' || (unsigned char)byte >= 0x80;
}

/* The next token: a word, a row of the same "*", "<" or ">", or a single other sign. */
struct dump_token
dump_next(struct dump_scanner *scanner)
{
	const char *text = scanner->text;
	size_t begin;

	for (; scanner->at < scanner->end; scanner->at++) {
		if (text[scanner->at] == '\n')
			scanner->line++;
		else if (text[scanner->at] != ' ')
			break;
	}
	begin = scanner->at;
	if (begin < scanner->end) {
		scanner->at++;
		if (is_word(text[begin])) {
			while (scanner->at < scanner->end && is_word(text[scanner->at]))
				scanner->at++;
		} else if (strchr("*<>", text[begin])) {
			while (scanner->at < scanner->end && text[scanner->at] == text[begin])
				scanner->at++;
		}
	}
	return (struct dump_token){ .text = text + begin,
		.length = scanner->at - begin,
		.line = scanner->line,
		.at_end = scanner->at == scanner->end };
}

/* Is the token this word?  A row of stars is "*". */
bool
dump_token_is(const struct dump_token *token, const char *word)
{
	size_t length = strlen(word);

	if (token->length == 0)
		return false;
	if (length == 1 && *word == '*')
		return *token->text == '*';
	return token->length == length && memcmp(token->text, word, length) == 0;
}

/* The next word of a pattern, copied; false at the pattern's end. */
static bool
next_element(const char **pattern, char word[LONGEST_WORD])
{
	size_t length;

	while (**pattern == ' ')
		++*pattern;
	length = strcspn(*pattern, " ");
	if (length == 0 || length >= LONGEST_WORD)
		return false;
	memcpy(word, *pattern, length);
	word[length] = '\0';
	*pattern += length;
	return true;
}

/* Is it certain that the pattern does not come next?  A quick answer to the usual case. */
static bool
begins_otherwise(const struct dump_scanner *scanner, const char *pattern)
{
	char next = scanner->at < scanner->end ? scanner->text[scanner->at] : '\0';

	return next != *pattern && next != ' ' && next != '\n';
}

bool
dump_words(struct dump_scanner *scanner, const char *words)
{
	struct dump_scanner ahead = *scanner;
	char word[LONGEST_WORD];

	if (begins_otherwise(scanner, words))
		return false;
	while (next_element(&words, word)) {
		struct dump_token token = dump_next(&ahead);

		if (!dump_token_is(&token, word))
			return false;
	}
	*scanner = ahead;
	return true;
}

/* A decimal number as the next token, which must not be cut. */
bool
dump_decimal(struct dump_scanner *scanner, uint64_t *value)
{
	struct dump_scanner ahead = *scanner;
	struct dump_token token = dump_next(&ahead);
	uint64_t number = 0;

	if (token.length == 0 || token.length > 9 || token.at_end)
		return false;
	for (size_t i = 0; i < token.length; i++) {
		if (token.text[i] < '0' || token.text[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(token.text[i] - '0');
	}
	*value = number;
	*scanner = ahead;
	return true;
}

/* A number of one or two decimal digits in a shape. */
static size_t
shape_number(const char **text)
{
	size_t number = 0;

	for (; **text >= '0' && **text <= '9'; ++*text)
		number = number * 10 + (size_t)(**text - '0');
	return number;
}

/* "%x8-16" and so on. */
static struct shape
parse_shape(const char *text)
{
	struct shape shape = { .prefix = PREFIX_NONE };

	text++;
	if (*text == 'x' || *text == '?')
		shape.prefix = *text++ == 'x' ? PREFIX_0X : PREFIX_ANY;
	shape.shortest = shape_number(&text);
	shape.longest = shape.shortest;
	if (*text == '-' || *text == '|') {
		shape.only_these = *text++ == '|';
		shape.longest = shape_number(&text);
	}
	return shape;
}

/*
 * The token's value.  Nothing but digits, and as many as its format prints; where the number of
 * digits says nothing, a number at the very end of the text may be cut.
 */
static bool
token_value(const struct dump_token *token, const struct shape *shape, uint64_t *value)
{
	size_t prefix = token->length > 1 && token->text[0] == '0' && token->text[1] == 'x' ? 2 : 0;
	size_t digits = token->length - prefix;
	uint64_t number = 0;

	if ((shape->prefix == PREFIX_NONE && prefix != 0) ||
	        (shape->prefix == PREFIX_0X && prefix == 0))
		return false;
	if (digits < shape->shortest || digits > shape->longest ||
	        (shape->only_these && digits != shape->shortest && digits != shape->longest) ||
	        (token->at_end && digits != shape->longest))
		return false;
	for (size_t i = 0; i < digits; i++) {
		int value_of_digit = digit_value(token->text[prefix + i]);

		if (value_of_digit < 0)
			return false;
		number = number << 4 | (uint64_t)value_of_digit;
	}
	*value = number;
	return true;
}

/* A hexadecimal number as the next token. */
bool
dump_hexadecimal(struct dump_scanner *scanner, const char *shape_text, uint64_t *value)
{
	struct shape shape = parse_shape(shape_text);
	struct dump_scanner ahead = *scanner;
	struct dump_token token = dump_next(&ahead);

	if (!token_value(&token, &shape, value))
		return false;
	*scanner = ahead;
	return true;
}

/*
 * Could the token be where a number should be?  Not if it is a sign or the next label; those
 * that begin like a number begin with a capital: "CS", "EFER".
 */
static bool
is_in_place_of_value(const struct dump_token *token)
{
	return token->length > 0 &&
	       (*token->text == '?' || (*token->text >= '0' && *token->text <= '9') ||
	               (*token->text >= 'a' && *token->text <= 'f'));
}

/* Is the number written with "0x", or without, as the pattern says? */
static bool
has_prefix_of(const struct dump_token *token, const char *shape_text)
{
	struct shape shape = parse_shape(shape_text);
	bool prefix = token->length > 1 && token->text[0] == '0' && token->text[1] == 'x';

	return shape.prefix == PREFIX_ANY || prefix == (shape.prefix == PREFIX_0X);
}

/*
 * Does the text have the pattern's shape, up to its first value or all of it?  Numbers of the
 * wrong length are in shape here: they are reported as unreadable afterwards.  The "0x" tells
 * the kernel's labels from QEMU's.
 */
static bool
in_shape(struct dump_scanner scanner, const char *pattern, bool whole)
{
	char word[LONGEST_WORD];

	while (next_element(&pattern, word)) {
		struct dump_token token = dump_next(&scanner);

		if (*word == '%' && !whole)
			return true;
		if (*word == '%' ? !is_in_place_of_value(&token) || !has_prefix_of(&token, word)
		                 : !dump_token_is(&token, word))
			return false;
	}
	return true;
}

bool
dump_comes(const struct dump_scanner *scanner, const struct dump_pattern *pattern)
{
	return in_shape(*scanner, pattern->text, true);
}

/* Say that a value cannot be read. */
static void
unreadable(struct dump *dump, const struct dump_token *token, int64_t field)
{
	int length = token->length > 32 ? 32 : (int)token->length;

	if (field == DUMP_IGNORE)
		return;
	if (length == 0 || token->at_end)
		dump_note(dump, "line %d: the input ends at the value of %s; the field is ignored",
		        token->line, dump_field_name((uint32_t)field));
	else
		dump_note(dump,
		        "line %d: \"%.*s\" is not a valid value for %s; the field is ignored",
		        token->line, length, token->text, dump_field_name((uint32_t)field));
}

bool
dump_match(struct dump_parser *parser, struct dump *dump, const struct dump_pattern *pattern,
        bool whole)
{
	const char *text = pattern->text;
	struct dump_scanner ahead = parser->scanner;
	char word[LONGEST_WORD];
	size_t values = 0;

	if (begins_otherwise(&ahead, text) || !in_shape(ahead, text, whole))
		return false;
	while (next_element(&text, word)) {
		struct dump_scanner before = ahead;
		struct dump_token token = dump_next(&ahead);
		struct shape shape;
		uint64_t value;
		int64_t field;

		if (*word != '%') {
			if (dump_token_is(&token, word))
				continue;
			ahead = before;
			break;
		}
		if (values == DUMP_PATTERN_FIELDS)
			break;
		shape = parse_shape(word);
		field = pattern->fields[values++];
		if (token_value(&token, &shape, &value)) {
			if (field != DUMP_IGNORE)
				dump_add_field(dump, (uint32_t)field, value, token.line);
			continue;
		}
		unreadable(dump, &token, field);
		if (!is_in_place_of_value(&token)) {
			ahead = before;
			break;
		}
	}
	parser->scanner = ahead;
	return true;
}
