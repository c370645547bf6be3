/*
 * Fuzzing the readers of dumps.  Beyond what the sanitizers see: each dump keeps its promises
 * (no field twice, no value wider than its field, lines inside the input), and what was read can
 * be written in our own format and read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dump/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Abort when a dump breaks a promise of dump.h. */
static void
check(const struct dump *dump, int last_line)
{
	static const unsigned bits[] = { 16, 64, 32, 64 };

	if (dump->first_line < 1 || dump->last_line < dump->first_line ||
	        dump->last_line > last_line || dump->note_count > DUMP_NOTE_LIMIT)
		abort();
	for (size_t i = 0; i < dump->field_count; i++) {
		const struct dump_field *field = &dump->fields[i];

		if (!dump_field_name(field->field) || field->line < 1 || field->line > last_line ||
		        dump_value(dump, field->field) != &field->value)
			abort();
		if (bits[field->field >> 13] < 64 && field->value >> bits[field->field >> 13] != 0)
			abort();
	}
}

/* Abort when the dump that was written and read is another one. */
static void
compare(const struct dump *dump, const struct dump *again)
{
	if (again->format != DUMP_R33 || again->note_count != 0 ||
	        again->field_count != dump->field_count ||
	        again->msr_load_count != dump->msr_load_count ||
	        again->memory_count != dump->memory_count ||
	        again->has_exit_reason != dump->has_exit_reason ||
	        again->exit_reason != dump->exit_reason ||
	        again->has_instruction_error != dump->has_instruction_error ||
	        again->has_current_vmcs != dump->has_current_vmcs ||
	        again->current_vmcs != dump->current_vmcs)
		abort();
	for (size_t i = 0; i < dump->field_count; i++) {
		if (again->fields[i].field != dump->fields[i].field ||
		        again->fields[i].value != dump->fields[i].value)
			abort();
	}
	for (size_t i = 0; i < dump->msr_load_count; i++) {
		if (again->msr_load[i].entry != dump->msr_load[i].entry ||
		        again->msr_load[i].index_number != dump->msr_load[i].index_number ||
		        again->msr_load[i].reserved != dump->msr_load[i].reserved ||
		        again->msr_load[i].value != dump->msr_load[i].value)
			abort();
	}
	for (size_t i = 0; i < dump->memory_count; i++) {
		if (again->memory[i].address != dump->memory[i].address ||
		        again->memory[i].value != dump->memory[i].value)
			abort();
	}
}

/* One input. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct dump_file file, again;
	char *text = NULL;
	size_t size = 0;
	int last_line = 1;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < length; i++)
		last_line += bytes[i] == '\n';
	dump_read(&file, (const char *)bytes, length);
	if ((file.count == 0) != (file.error != NULL))
		abort();
	for (size_t i = 0; i < file.count; i++) {
		check(&file.dumps[i], last_line);
		dump_write(out, &file.dumps[i], NULL);
	}
	fclose(out);
	dump_read(&again, text, size);
	if (again.count != file.count)
		abort();
	for (size_t i = 0; i < file.count; i++)
		compare(&file.dumps[i], &again.dumps[i]);
	dump_file_free(&file);
	dump_file_free(&again);
	free(text);
	return 0;
}
