/*
 * Our own format, docs/dump-format.md: a line for each field, "GUEST_CR0 = 0x…".  Read and
 * written here.
 *
 * Unlike the others it is read line by line.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "base/cursor.h"
#include "base/util.h"
#include "parse.h"

enum {
	FORMAT_VERSION = 1,
	FIELD_WORDS_BYTES = 500,
	FEWEST_FIELDS = 3,  /* that make a dump without its header line */
	SILENT_LINES = 200, /* without a field: such a dump is over */
	LONGEST_NAME = 80,
	LONGEST_TEXT = 100,
};

static const char header[] = "reason33 dump";

struct line {
	struct cursor rest; /* what is left of it */
	int number;
	bool complete; /* its line end is there */
};

/* The line at the scanner, without blanks around it and without a comment. */
static struct line
this_line(const struct dump_scanner *scanner)
{
	const char *text = scanner->text + scanner->at;
	const char *newline = memchr(text, '\n', scanner->end - scanner->at);
	size_t length = newline ? (size_t)(newline - text) : scanner->end - scanner->at;
	const char *comment = memchr(text, '#', length);
	struct line line = { .rest = { text, text + length },
		.number = scanner->line,
		.complete = newline || comment };
	struct cursor *rest = &line.rest;

	if (comment && comment != text)
		rest->end = comment;
	cursor_skip_blanks(rest);
	if (rest->at < rest->end && rest->end[-1] == ' ')
		line.complete = true;
	while (rest->at < rest->end && rest->end[-1] == ' ')
		rest->end--;
	return line;
}

/* Is this the end of the line, and was the number in front of it not cut by the input's end? */
static bool
ends_with(struct line *line, const struct cursor_number *number, size_t full_digits)
{
	cursor_skip_blanks(&line->rest);
	return line->rest.at == line->rest.end &&
	       (line->complete || (number->hexadecimal && number->digits == full_digits));
}

/* "= 0x…" for a field. */
static bool
take_field(struct dump *dump, struct line *line, uint32_t field)
{
	unsigned bits = vmcs_field_bits(field);
	struct cursor_number number;

	if (!cursor_number(&line->rest, UINT64_MAX, &number) || !ends_with(line, &number, bits / 4))
		return false;
	if (bits < 64 && number.value >> bits != 0)
		return false;
	dump_add_field(dump, field, number.value, line->number);
	return true;
}

/* Is it a name of characters that mean nothing elsewhere? */
static bool
is_name(const char *text, size_t length)
{
	if (length == 0 || length > LONGEST_TEXT)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)text[i]) && !strchr(" _-.,:()+/", text[i]))
			return false;
	}
	return true;
}

/* A name up to the end of the line. */
static bool
take_name(struct line *line, char **name)
{
	cursor_skip_blanks(&line->rest);
	if (*name || !line->complete || !is_name(line->rest.at, cursor_length(&line->rest)))
		return false;
	*name = copy_bytes(line->rest.at, cursor_length(&line->rest));
	return true;
}

/* "MSR_LOAD[1] = 0x174 0x…": the entry's lower and upper half. */
static bool
take_msr(struct dump *dump, struct line *line, uint64_t entry)
{
	struct cursor_number index_number, value;
	struct dump_msr msr;

	if (entry == 0 || entry > DUMP_LIST_LIMIT ||
	        !cursor_number(&line->rest, UINT64_MAX, &index_number) ||
	        line->rest.at == line->rest.end || *line->rest.at != ' ' ||
	        !cursor_number(&line->rest, UINT64_MAX, &value) || !ends_with(line, &value, 16))
		return false;
	msr = (struct dump_msr){ .entry = (int)entry,
		.index_number = (uint32_t)index_number.value,
		.reserved = (uint32_t)(index_number.value >> 32),
		.value = value.value };
	dump_add_msr(dump, &msr, line->number);
	return true;
}

/* The keys that are not fields. */
static bool
take_other(struct dump *dump, struct line *line, const char *name,
        const struct cursor_number *subscript)
{
	struct cursor_number number;

	if (strcmp(name, "MSR_LOAD") == 0 && subscript)
		return take_msr(dump, line, subscript->value);
	if (strcmp(name, "MEMORY") == 0 && subscript) {
		if (!cursor_number(&line->rest, UINT64_MAX, &number) ||
		        !ends_with(line, &number, 16))
			return false;
		dump_add_memory(dump, subscript->value, number.value, line->number);
		return true;
	}
	if (subscript)
		return false;
	if (strcmp(name, "CPU") == 0)
		return take_name(line, &dump->cpu);
	if (strcmp(name, "TITLE") == 0)
		return take_name(line, &dump->title);
	if (strcmp(name, "CURRENT_VMCS") == 0 && !dump->has_current_vmcs) {
		if (!cursor_number(&line->rest, UINT64_MAX, &number) ||
		        !ends_with(line, &number, 16))
			return false;
		dump->has_current_vmcs = true;
		dump->current_vmcs = number.value;
		return true;
	}
	return false;
}

/* Is the name one of a key that is not a field? */
static bool
is_other_key(const char *name)
{
	static const char *const keys[] = { "MSR_LOAD", "MEMORY", "CPU", "TITLE", "CURRENT_VMCS" };

	for (size_t i = 0; i < COUNT(keys); i++) {
		if (strcmp(name, keys[i]) == 0)
			return true;
	}
	return false;
}

/* Take "NAME" or "NAME[n]" and "="; false if the line is not such a line. */
static bool
take_key(struct line *line, char name[LONGEST_NAME], struct cursor_number *subscript,
        bool *has_subscript)
{
	struct cursor *rest = &line->rest;
	size_t length = 0;

	while (length < cursor_length(rest) && length < LONGEST_NAME - 1 &&
	        ((rest->at[length] >= 'A' && rest->at[length] <= 'Z') || rest->at[length] == '_' ||
	                (length > 0 && rest->at[length] >= '0' && rest->at[length] <= '9')))
		length++;
	if (length < 2)
		return false;
	memcpy(name, rest->at, length);
	name[length] = '\0';
	rest->at += length;
	*has_subscript = cursor_sign(&line->rest, '[');
	if (*has_subscript && (!cursor_number(&line->rest, UINT64_MAX, subscript) ||
	                              !cursor_sign(&line->rest, ']')))
		return false;
	return cursor_sign(&line->rest, '=');
}

/* Close the open dump; one without header needs some fields to be one. */
void
dump_r33_end(struct dump_parser *parser)
{
	struct dump *dump = parser->r33;

	parser->r33 = NULL;
	if (dump && !parser->r33_header && dump->field_count < FEWEST_FIELDS)
		dump->first_line = 0;
}

/* "# reason33 dump 1" begins a dump. */
static bool
match_header(struct dump_parser *parser, struct line line)
{
	struct cursor_number version;

	if (!cursor_sign(&line.rest, '#'))
		return false;
	cursor_skip_blanks(&line.rest);
	if (cursor_length(&line.rest) < sizeof(header) - 1 ||
	        memcmp(line.rest.at, header, sizeof(header) - 1) != 0)
		return false;
	line.rest.at += sizeof(header) - 1;
	if (!cursor_number(&line.rest, UINT64_MAX, &version))
		return false;
	parser->close[KIND_VMCS](parser);
	parser->close[KIND_QEMU](parser);
	parser->close[KIND_R33](parser);
	parser->r33 = dump_begin(parser, DUMP_R33, line.number);
	parser->r33_header = true;
	if (parser->r33 && version.value != FORMAT_VERSION)
		dump_note(parser->r33,
		        "the dump has format version %" PRIu64
		        ", but only version %d is known: newer keys are ignored",
		        version.value, FORMAT_VERSION);
	return true;
}

/* Take what follows the key in an open dump. */
static void
take_value(struct dump *dump, struct line *line, const char *name,
        const struct cursor_number *subscript)
{
	uint32_t field;
	bool is_field = !subscript && dump_field_encoding(name, strlen(name), &field);

	if (is_field ? take_field(dump, line, field) : take_other(dump, line, name, subscript)) {
		if (line->number > dump->last_line)
			dump->last_line = line->number;
	} else if (is_field || is_other_key(name)) {
		dump_note(dump, "line %d: the value of %s cannot be read; it is ignored",
		        line->number, name);
	} else {
		dump_note(dump, "line %d: %s is not the name of a VMCS field", line->number, name);
	}
}

/* Take the line at the scanner, which is at its beginning, if it is one of our format. */
bool
dump_r33_line(struct dump_parser *parser)
{
	struct line line = this_line(&parser->scanner);
	struct cursor_number subscript;
	bool has_subscript;
	char name[LONGEST_NAME];
	uint32_t field;
	bool is_field;

	if (line.rest.at == line.rest.end)
		return false;
	if (*line.rest.at == '#')
		return match_header(parser, line) || (parser->r33 && parser->r33_header);
	if (!take_key(&line, name, &subscript, &has_subscript))
		return false;
	is_field = !has_subscript && dump_field_encoding(name, strlen(name), &field);
	if (parser->r33 && !parser->r33_header &&
	        line.number - parser->r33->last_line > SILENT_LINES)
		parser->close[KIND_R33](parser);
	if (!parser->r33 && is_field) {
		parser->r33 = dump_begin(parser, DUMP_R33, line.number);
		parser->r33_header = false;
	}
	/* Other names are mistakes only where our format was promised. */
	if (!parser->r33 || (!is_field && !is_other_key(name) &&
	                            (!parser->r33_header || strcmp(name, "EAX") == 0 ||
	                                    strcmp(name, "RAX") == 0)))
		return false;
	take_value(parser->r33, &line, name, has_subscript ? &subscript : NULL);
	return true;
}

/* Write the fields and the other keys, and as comments where they come from and the notes. */
void
dump_write(FILE *out, const struct dump *dump, dump_words_function *words_of)
{
	static const char *const origins[] = { [DUMP_R33] = "reason33",
		[DUMP_KVM] = "Linux KVM",
		[DUMP_XEN] = "Xen",
		[DUMP_QEMU] = "QEMU" };

	fprintf(out, "# %s %d\n", header, FORMAT_VERSION);
	if (dump->format != DUMP_R33)
		fprintf(out, "# printed by %s; lines %d to %d of the input\n",
		        origins[dump->format], dump->first_line, dump->last_line);
	for (int i = 0; i < dump->note_count; i++)
		fprintf(out, "# %s\n", dump->notes[i]);
	if (dump->title && is_name(dump->title, strlen(dump->title)))
		fprintf(out, "TITLE = %s\n", dump->title);
	if (dump->cpu && is_name(dump->cpu, strlen(dump->cpu)))
		fprintf(out, "CPU = %s\n", dump->cpu);
	if (dump->has_current_vmcs)
		fprintf(out, "CURRENT_VMCS = 0x%016" PRIx64 "\n", dump->current_vmcs);
	for (size_t i = 0; i < dump->field_count; i++) {
		uint32_t field = dump->fields[i].field;
		char words[FIELD_WORDS_BYTES] = "";

		if (words_of)
			words_of(words, sizeof(words), field, dump->fields[i].value);
		fprintf(out, "%s = 0x%0*" PRIx64 "%s%s\n", dump_field_name(field),
		        (int)vmcs_field_bits(field) / 4, dump->fields[i].value,
		        *words ? "  # " : "", words);
	}
	for (size_t i = 0; i < dump->msr_load_count; i++)
		fprintf(out, "MSR_LOAD[%d] = 0x%016" PRIx64 " 0x%016" PRIx64 "\n",
		        dump->msr_load[i].entry,
		        (uint64_t)dump->msr_load[i].reserved << 32 | dump->msr_load[i].index_number,
		        dump->msr_load[i].value);
	for (size_t i = 0; i < dump->memory_count; i++)
		fprintf(out, "MEMORY[0x%016" PRIx64 "] = 0x%016" PRIx64 "\n",
		        dump->memory[i].address, dump->memory[i].value);
}
