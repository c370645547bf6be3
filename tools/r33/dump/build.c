/* Dumps while they are read: fields, lists and notes are added, and all of it is freed. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "parse.h"

enum { ANNOUNCEMENT_LINES = 30 }; /* between what is said of a dump and the dump */

#define NAME_AND_ENCODING(name, encoding) { #name, encoding },
static const struct {
	const char *name;
	uint32_t encoding;
} names[] = { VMCS_FIELDS(NAME_AND_ENCODING) };
#undef NAME_AND_ENCODING

const char *
dump_field_name(uint32_t field)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		if (names[i].encoding == field)
			return names[i].name;
	}
	return NULL;
}

bool
dump_field_encoding(const char *name, size_t length, uint32_t *field)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		if (strlen(names[i].name) == length && memcmp(names[i].name, name, length) == 0) {
			*field = names[i].encoding;
			return true;
		}
	}
	return false;
}

/* A new dump, or NULL when there are too many. */
struct dump *
dump_begin(struct dump_parser *parser, enum dump_format format, int line)
{
	struct dump *dump;

	if (parser->count == DUMP_LIMIT) {
		parser->limit_reached = true;
		return NULL;
	}
	parser->dumps = grow_array(parser->dumps, parser->count, sizeof(struct dump *));
	dump = allocate(1, sizeof(*dump));
	*dump = (struct dump){ .format = format, .first_line = line, .last_line = line };
	parser->dumps[parser->count++] = dump;
	return dump;
}

/* A sentence for the user; what finds no place is counted. */
void
dump_note(struct dump *dump, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	if (dump->note_count == DUMP_NOTE_LIMIT) {
		dump->notes_left_out++;
		return;
	}
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0)
		dump->notes[dump->note_count++] = text;
	va_end(arguments);
}

/* Keep what is also known by a name of its own up to date. */
static void
add_known_field(struct dump *dump, uint32_t field, uint64_t value)
{
	if (field == EXIT_REASON) {
		dump->has_exit_reason = true;
		dump->exit_reason = (uint32_t)value;
	} else if (field == EXIT_QUALIFICATION) {
		dump->has_qualification = true;
		dump->exit_qualification = value;
	} else if (field == VM_INSTRUCTION_ERROR) {
		dump->has_instruction_error = true;
		dump->vm_instruction_error = (uint32_t)value;
	}
}

/* Add a field; the first value of a field counts. */
void
dump_add_field(struct dump *dump, uint32_t field, uint64_t value, int line)
{
	if (line > dump->last_line)
		dump->last_line = line;
	for (size_t i = 0; i < dump->field_count; i++) {
		if (dump->fields[i].field != field)
			continue;
		if (dump->fields[i].value != value)
			dump_note(dump,
			        "line %d: 0x%" PRIx64 " for %s, but line %d has 0x%" PRIx64
			        ", which is used; are lines of two dumps mixed?",
			        line, value, dump_field_name(field), dump->fields[i].line,
			        dump->fields[i].value);
		return;
	}
	dump->fields = grow_array(dump->fields, dump->field_count, sizeof(struct dump_field));
	dump->fields[dump->field_count++] =
	        (struct dump_field){ .field = field, .value = value, .line = line };
	add_known_field(dump, field, value);
}

/* Add an entry of the MSR-load list. */
void
dump_add_msr(struct dump *dump, const struct dump_msr *msr, int line)
{
	if (line > dump->last_line)
		dump->last_line = line;
	for (size_t i = 0; i < dump->msr_load_count; i++) {
		if (dump->msr_load[i].entry != msr->entry)
			continue;
		if (dump->msr_load[i].index_number != msr->index_number ||
		        dump->msr_load[i].reserved != msr->reserved ||
		        dump->msr_load[i].value != msr->value)
			dump_note(dump,
			        "line %d: entry %d of the MSR-load list again; the first is used",
			        line, msr->entry);
		return;
	}
	if (dump->msr_load_count == DUMP_LIST_LIMIT) {
		dump_note(dump, "line %d: more than %d entries in the MSR-load list", line,
		        DUMP_LIST_LIMIT);
		return;
	}
	dump->msr_load = grow_array(dump->msr_load, dump->msr_load_count, sizeof(*msr));
	dump->msr_load[dump->msr_load_count++] = *msr;
}

/* Add eight bytes of memory. */
void
dump_add_memory(struct dump *dump, uint64_t address, uint64_t value, int line)
{
	if (line > dump->last_line)
		dump->last_line = line;
	for (size_t i = 0; i < dump->memory_count; i++) {
		if (dump->memory[i].address != address)
			continue;
		if (dump->memory[i].value != value)
			dump_note(dump,
			        "line %d: the memory at 0x%" PRIx64 " again; the first is used",
			        line, address);
		return;
	}
	if (dump->memory_count == DUMP_LIST_LIMIT) {
		dump_note(dump, "line %d: more than %d pieces of memory", line, DUMP_LIST_LIMIT);
		return;
	}
	dump->memory = grow_array(dump->memory, dump->memory_count, sizeof(struct dump_memory));
	dump->memory[dump->memory_count++] =
	        (struct dump_memory){ .address = address, .value = value };
}

const uint64_t *
dump_value(const struct dump *dump, uint32_t field)
{
	for (size_t i = 0; i < dump->field_count; i++) {
		if (dump->fields[i].field == field)
			return &dump->fields[i].value;
	}
	return NULL;
}

/* Nothing was announced. */
void
dump_forget(struct dump_announcement *announcement)
{
	free(announcement->title);
	free(announcement->note);
	memset(announcement, 0, sizeof(*announcement));
}

/* Give a dump that begins what was said shortly before it; further away it was another's. */
void
dump_announced(struct dump *dump, struct dump_announcement *announcement, int line)
{
	int said = announcement->line;

	if (said != 0 && line - said <= ANNOUNCEMENT_LINES) {
		dump->first_line = said;
		dump->title = announcement->title;
		announcement->title = NULL;
		dump->not_vmx = announcement->not_vmx;
		if (announcement->has_exit_reason)
			dump_add_field(dump, EXIT_REASON, announcement->exit_reason, said);
		if (announcement->has_qualification)
			dump_add_field(
			        dump, EXIT_QUALIFICATION, announcement->exit_qualification, said);
		if (announcement->has_instruction_error)
			dump_add_field(dump, VM_INSTRUCTION_ERROR,
			        announcement->vm_instruction_error, said);
		if (announcement->msr.entry != 0)
			dump_add_msr(dump, &announcement->msr, said);
		if (announcement->note)
			dump_note(dump, "%s", announcement->note);
	}
	dump_forget(announcement);
}

/* Free a dump's contents. */
void
dump_free(struct dump *dump)
{
	free(dump->title);
	free(dump->cpu);
	free(dump->fields);
	free(dump->msr_load);
	free(dump->memory);
	for (int i = 0; i < dump->note_count; i++)
		free(dump->notes[i]);
}
