/*
 * Unit tests of kernel/vmx/svm/instruction.c: against the assembler (guest_instruction_forms.awk writes the list, build.mk
 * assembles it), and by hand where a rule is easily got wrong (guest_instruction_cases.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/guest.h>

#include "guest_instruction_cases.h"
#include "vmx/svm/instruction.h"

/* What the list says of one assembled instruction. */
struct record {
	char name[16];
	uint8_t length_bytes;
	uint8_t code; /* 16, 32 or 64 */
	uint8_t reg;
	uint8_t rm_is_memory;
	uint8_t rm;
	uint8_t base;
	uint8_t index;
	uint8_t scale;
	uint8_t segment; /* with memory only, as the rest */
	uint8_t address_bytes;
	uint8_t relative;
	uint8_t padding[5];
	int64_t displacement;
};

static uint8_t *forms; /* the instructions … */
static size_t forms_bytes;
static struct record *records; /* … and their records */
static size_t record_count;

/* Read a whole file into memory of exactly its size; without it no test can run. */
static void *
read_file(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "rb");
	void *content;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
		perror(path);
		exit(1);
	}
	*bytes = ftell(file);
	rewind(file);
	content = malloc(*bytes);
	if (content == NULL || fread(content, 1, *bytes, file) != *bytes) {
		perror(path);
		exit(1);
	}
	fclose(file);
	return content;
}

static enum code_size
code_size_of(const struct record *record)
{
	return record->code == 16 ? CODE_16 : record->code == 32 ? CODE_32 : CODE_64;
}

/* Decode bytes[0..size) from a buffer of exactly that size, so that the sanitizer sees a byte read too many. */
static bool
decode_exactly(const uint8_t *bytes, size_t size, enum code_size code_size,
        struct guest_instruction *instruction)
{
	uint8_t *copy = malloc(size != 0 ? size : 1);
	bool known;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	memset(instruction, 0, sizeof(*instruction));
	known = guest_instruction_decode(copy, size, code_size, instruction);
	free(copy);
	return known;
}

static void
assert_refused(const uint8_t *bytes, size_t size, enum code_size code_size, const char *why)
{
	struct guest_instruction instruction;

	if (decode_exactly(bytes, size, code_size, &instruction))
		fail_msg("%s: decoded as %s of %u bytes", why, kind_names[instruction.kind],
		        instruction.length_bytes);
	assert_int_equal(instruction.kind, GUEST_INSTRUCTION_OTHER);
	assert_int_equal(instruction.length_bytes, 0);
	assert_false(instruction.rm_is_memory);
}

/* True when the decoded instruction is what the record says. */
static bool
is_as_listed(const struct guest_instruction *found, const struct record *record)
{
	return strcmp(kind_names[found->kind], record->name) == 0 &&
	       found->length_bytes == record->length_bytes && found->reg == record->reg &&
	       found->rm_is_memory == record->rm_is_memory && found->rm == record->rm &&
	       found->base == record->base && found->index == record->index &&
	       found->scale == record->scale && found->rip_relative == record->relative &&
	       found->displacement == record->displacement &&
	       (!found->rm_is_memory || (found->segment == record->segment &&
	                                        found->address_bytes == record->address_bytes));
}

/* Every operand the assembler can write comes back as it was written, with its length; so it does with other
 * bytes after it. */
static void
assembled_forms_decode_as_listed(void **state)
{
	size_t offset = 0;

	(void)state;
	assert_true(record_count > 100000);
	for (size_t i = 0; i < record_count; i++) {
		const struct record *record = &records[i];
		struct guest_instruction alone, followed;

		if (!decode_exactly(
		            forms + offset, record->length_bytes, code_size_of(record), &alone) ||
		        !is_as_listed(&alone, record))
			fail_msg("record %zu (%s, offset %zx, %u-bit code) is decoded as %s, %u "
			         "bytes",
			        i, record->name, offset, record->code, kind_names[alone.kind],
			        alone.length_bytes);
		memset(&followed, 0, sizeof(followed));
		guest_instruction_decode(
		        forms + offset, forms_bytes - offset, code_size_of(record), &followed);
		assert_memory_equal(&followed, &alone, sizeof(alone));
		offset += record->length_bytes;
	}
	assert_int_equal(offset, forms_bytes);
}

/* An instruction of which any number of bytes is missing is unknown, not a shorter one. */
static void
cut_short_is_refused(void **state)
{
	size_t offset = 0;

	(void)state;
	for (size_t i = 0; i < record_count; offset += records[i++].length_bytes)
		for (size_t size = 0; size < records[i].length_bytes; size++)
			assert_refused(
			        forms + offset, size, code_size_of(&records[i]), "cut short");
}

/* LOCK takes an instruction's name and leaves its length. */
static void
lock_leaves_no_name(void **state)
{
	uint8_t bytes[GUEST_INSTRUCTION_MAX_BYTES + 1] = { 0xf0 };
	struct guest_instruction found;
	size_t offset = 0;

	(void)state;
	for (size_t i = 0; i < record_count; offset += records[i++].length_bytes) {
		if (strcmp(records[i].name, "OTHER") == 0)
			continue;
		memcpy(bytes + 1, forms + offset, records[i].length_bytes);
		assert_true(decode_exactly(
		        bytes, records[i].length_bytes + 1, code_size_of(&records[i]), &found));
		assert_string_equal(kind_names[found.kind], "OTHER");
		assert_int_equal(found.length_bytes, records[i].length_bytes + 1);
		assert_true(found.lock);
	}
}

/* Each kind has a name and is in the list, in every code size that has it. */
static void
every_kind_is_listed(void **state)
{
	(void)state;
	for (int kind = 0; kind < GUEST_INSTRUCTION_KIND_COUNT; kind++) {
		unsigned codes = 0;

		assert_non_null(kind_names[kind]);
		for (size_t i = 0; i < record_count; i++)
			if (strcmp(records[i].name, kind_names[kind]) == 0)
				codes |= records[i].code;
		assert_int_equal(
		        codes, kind == GUEST_INSTRUCTION_INTO || kind == GUEST_INSTRUCTION_POP_SS
		                       ? 16 | 32
		                       : 16 | 32 | 64);
	}
}

/* Rules that the assembler does not show hold where they were tried by hand. */
static void
hand_checked_encodings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(by_hand); i++) {
		const struct hand_checked *row = &by_hand[i];
		struct guest_instruction found;

		if (!decode_exactly(row->bytes, row->length, row->code, &found))
			fail_msg("row %zu (%s) is refused", i, row->what);
		if (found.kind != row->kind || found.length_bytes != row->length ||
		        found.operand_bytes != row->operand_bytes ||
		        found.address_bytes != row->address_bytes || found.segment != row->segment)
			fail_msg("row %zu (%s): %s, %u bytes, operand %u, address %u, segment %u",
			        i, row->what, kind_names[found.kind], found.length_bytes,
			        found.operand_bytes, found.address_bytes, found.segment);
	}
}

/* What is no instruction is refused. */
static void
lookalikes_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++)
		assert_refused(
		        refused[i].bytes, refused[i].length, refused[i].code, refused[i].what);
}

/* Fifteen bytes are an instruction, the same with one prefix more are none. */
static void
longer_than_15_bytes_is_refused(void **state)
{
	uint8_t bytes[40];
	struct guest_instruction found;

	(void)state;
	for (size_t size = 1; size < sizeof(bytes); size++) {
		memset(bytes, 0x2e, size);
		bytes[size - 1] = 0xf4;
		if (size > GUEST_INSTRUCTION_MAX_BYTES) {
			assert_refused(bytes, size, CODE_64, "too long");
			continue;
		}
		assert_true(decode_exactly(bytes, size, CODE_64, &found));
		assert_int_equal(found.length_bytes, size);
		assert_int_equal(found.kind, GUEST_INSTRUCTION_HLT);
	}
}

/* Vectors, ports and repeat prefixes are told. */
static void
immediates_and_repeats(void **state)
{
	static const uint8_t int_80[] = { 0xcd, 0x80 }, in_dx[] = { 0xec },
	                     out_port[] = { 0xe7, 0x64 };
	static const uint8_t rep_ins[] = { 0xf2, 0xf3, 0x6c }, repne_scas[] = { 0xf3, 0xf2, 0xae };
	static const uint8_t add[] = { 0x04, 0x12 };
	struct guest_instruction found;

	(void)state;
	assert_true(decode_exactly(int_80, sizeof(int_80), CODE_16, &found));
	assert_true(found.has_immediate && found.immediate == 0x80);
	assert_true(decode_exactly(out_port, sizeof(out_port), CODE_32, &found));
	assert_true(found.has_immediate && found.immediate == 0x64 && found.operand_bytes == 4);
	assert_true(decode_exactly(in_dx, sizeof(in_dx), CODE_64, &found));
	assert_true(!found.has_immediate && found.operand_bytes == 1);
	assert_true(decode_exactly(add, sizeof(add), CODE_64, &found));
	assert_true(!found.has_immediate && found.immediate == 0);
	assert_true(decode_exactly(rep_ins, sizeof(rep_ins), CODE_64, &found));
	assert_true(found.rep && !found.repne);
	assert_true(decode_exactly(repne_scas, sizeof(repne_scas), CODE_64, &found));
	assert_true(!found.rep && found.repne);
}

/* The places that an instruction accesses are found, cut to the address size. */
static void
accesses_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accessing); i++) {
		const struct accessing *row = &accessing[i];
		struct guest_access found[GUEST_ACCESSES_MAX];
		struct guest_instruction instruction;
		size_t count;

		assert_true(decode_exactly(row->bytes, row->length, row->code, &instruction));
		count = guest_instruction_accesses(&instruction, access_registers,
		        ACCESS_RIP + row->length,
		        row->code == CODE_64   ? 8
		        : row->code == CODE_32 ? 4
		                               : 2,
		        found);
		if (count != row->count)
			fail_msg("%s: %zu accesses", row->what, count);
		for (size_t j = 0; j < count; j++)
			if (found[j].segment != row->accesses[j].segment ||
			        found[j].offset != row->accesses[j].offset)
				fail_msg("%s: access %zu is %u:%jx", row->what, j, found[j].segment,
				        (uintmax_t)found[j].offset);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(assembled_forms_decode_as_listed),
		cmocka_unit_test(cut_short_is_refused),
		cmocka_unit_test(lock_leaves_no_name),
		cmocka_unit_test(every_kind_is_listed),
		cmocka_unit_test(hand_checked_encodings),
		cmocka_unit_test(lookalikes_are_refused),
		cmocka_unit_test(longer_than_15_bytes_is_refused),
		cmocka_unit_test(immediates_and_repeats),
		cmocka_unit_test(accesses_are_found),
	};
	size_t bytes;

	_Static_assert(sizeof(struct record) == 40, "guest_instruction_forms.awk writes 40 bytes");
	forms = read_file(UNIT_BUILD "/guest_instruction_forms.code", &forms_bytes);
	records = read_file(UNIT_BUILD "/guest_instruction_forms.records", &bytes);
	record_count = bytes / sizeof(*records);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
