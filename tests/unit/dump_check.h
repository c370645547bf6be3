/* What the tests of the dump readers share: read a fixture, compare two dumps. */
#pragma once

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "dump/dump.h"

/* What is checked right now, for the message when it fails. */
static const char *checked = "";

/* A fixture's text; the caller frees it. */
static inline char *
fixture(const char *name, size_t *size)
{
	char *path = new_string("tests/dumps/%s", name);
	int64_t length = file_size(path);
	FILE *file = fopen(path, "r");
	char *text;

	assert_non_null(file);
	assert_true(length > 0);
	*size = (size_t)length;
	text = allocate(*size + 1, 1);
	assert_int_equal(fread(text, 1, *size, file), *size);
	fclose(file);
	free(path);
	return text;
}

/* All dumps of a text. */
static inline struct dump_file
read_text(const char *text)
{
	struct dump_file file;

	dump_read(&file, text, strlen(text));
	return file;
}

/* All dumps of a fixture. */
static inline struct dump_file
read_fixture(const char *name)
{
	struct dump_file file;
	size_t size;
	char *text = fixture(name, &size);

	dump_read(&file, text, size);
	free(text);
	return file;
}

/* A field has this value. */
static inline void
check_value(const struct dump *dump, uint32_t field, uint64_t value)
{
	const uint64_t *found = dump_value(dump, field);

	if (!found)
		fail_msg("%s: %s is not in the dump", checked, dump_field_name(field));
	else if (*found != value)
		fail_msg("%s: %s is 0x%" PRIx64 ", not 0x%" PRIx64, checked, dump_field_name(field),
		        *found, value);
}

/* Some note has these words in it. */
static inline void
check_note(const struct dump *dump, const char *words)
{
	for (int i = 0; i < dump->note_count; i++) {
		if (strstr(dump->notes[i], words))
			return;
	}
	fail_msg("%s: no note says \"%s\"", checked, words);
}

/* Each field, MSR and piece of memory of `part` is in `whole`, with the same value. */
static inline void
check_contained(const struct dump *part, const struct dump *whole)
{
	for (size_t i = 0; i < part->field_count; i++)
		check_value(whole, part->fields[i].field, part->fields[i].value);
	for (size_t i = 0; i < part->msr_load_count; i++) {
		const struct dump_msr *msr = &part->msr_load[i];
		size_t j = 0;

		while (j < whole->msr_load_count && whole->msr_load[j].entry != msr->entry)
			j++;
		assert_true(j < whole->msr_load_count);
		assert_int_equal(msr->index_number, whole->msr_load[j].index_number);
		assert_int_equal(msr->reserved, whole->msr_load[j].reserved);
		assert_int_equal(msr->value, whole->msr_load[j].value);
	}
	for (size_t i = 0; i < part->memory_count; i++) {
		size_t j = 0;

		while (j < whole->memory_count &&
		        whole->memory[j].address != part->memory[i].address)
			j++;
		assert_true(j < whole->memory_count);
		assert_int_equal(part->memory[i].value, whole->memory[j].value);
	}
}

/* Both have the same fields, MSRs and memory. */
static inline void
check_same(const struct dump *one, const struct dump *other)
{
	check_contained(one, other);
	check_contained(other, one);
	assert_int_equal(one->field_count, other->field_count);
	assert_int_equal(one->has_exit_reason, other->has_exit_reason);
	assert_int_equal(one->exit_reason, other->exit_reason);
	assert_int_equal(one->has_qualification, other->has_qualification);
	assert_int_equal(one->exit_qualification, other->exit_qualification);
	assert_int_equal(one->has_instruction_error, other->has_instruction_error);
	assert_int_equal(one->vm_instruction_error, other->vm_instruction_error);
}

/* The fixture's dumps are what NAME.expected.txt, in our own format, says; `notes` in all. */
static inline void
check_fixture(const char *name, enum dump_format format, int notes)
{
	char *dump_name = new_string("%s.txt", name);
	char *expected_name = new_string("%s.expected.txt", name);
	struct dump_file file = read_fixture(dump_name);
	struct dump_file expected = read_fixture(expected_name);
	int found_notes = 0;

	assert_null(file.error);
	assert_null(expected.error);
	assert_int_equal(file.count, expected.count);
	for (size_t i = 0; i < file.count; i++) {
		assert_int_equal(file.dumps[i].format, format);
		assert_int_equal(expected.dumps[i].format, DUMP_R33);
		assert_int_equal(expected.dumps[i].note_count, 0);
		check_same(&file.dumps[i], &expected.dumps[i]);
		found_notes += file.dumps[i].note_count;
	}
	assert_int_equal(found_notes, notes);
	dump_file_free(&file);
	dump_file_free(&expected);
	free(dump_name);
	free(expected_name);
}
