/*
 * Unit tests of kernel/lab/decode.c: by hand where a rule is easily got wrong, and against the
 * assembler for everything else (decode_forms.awk writes that list; build.mk assembles it).
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

#include "decode_cases.h"
#include "lab/decode.h"

/* What the list says of one assembled instruction. */
struct record {
	char name[16]; /* as instruction_name() */
	uint8_t length_bytes;
	uint8_t reg;
	uint8_t rm_is_memory;
	uint8_t rm;
	uint8_t base;
	uint8_t index;
	uint8_t scale;
	uint8_t segment;
	uint8_t address_size_32;
	uint8_t relative; /* displacement counts from the first instruction of the list */
	uint8_t padding[6];
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

/* Decode bytes[0..size) from a buffer of exactly that size, so that the sanitizer sees a byte
 * read too many. */
static bool
decode_exactly(const uint8_t *bytes, size_t size, uint64_t rip, struct instruction *instruction)
{
	uint8_t *copy = malloc(size != 0 ? size : 1);
	bool known;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	memset(instruction, 0xa5, sizeof(*instruction));
	known = decode_instruction(copy, size, rip, instruction);
	free(copy);
	return known;
}

/* Fail with the bytes and the reason unless they are refused in the promised way. */
static void
assert_refused(const uint8_t *bytes, size_t size, const char *why)
{
	struct instruction instruction;
	char text[3 * 20 + 1] = "";

	for (size_t i = 0; i < size && i < 20; i++)
		sprintf(text + 3 * i, "%02x ", bytes[i]);
	if (decode_exactly(bytes, size, RIP, &instruction))
		fail_msg("%s(%s) is decoded as %s", text, why, instruction_name(instruction.kind));
	assert_int_equal(instruction.kind, INSTRUCTION_UNKNOWN);
	assert_int_equal(instruction.length_bytes, 0);
}

static void
assert_same(const struct instruction *found, const struct instruction *expected)
{
	assert_string_equal(instruction_name(found->kind), instruction_name(expected->kind));
	assert_int_equal(found->length_bytes, expected->length_bytes);
	assert_int_equal(found->reg, expected->reg);
	assert_int_equal(found->rm_is_memory, expected->rm_is_memory);
	assert_int_equal(found->rm, expected->rm);
	assert_int_equal(found->memory.base, expected->memory.base);
	assert_int_equal(found->memory.index, expected->memory.index);
	assert_int_equal(found->memory.scale, expected->memory.scale);
	assert_int_equal(found->memory.segment, expected->memory.segment);
	assert_int_equal(found->memory.address_size_32, expected->memory.address_size_32);
	assert_true(found->memory.displacement == expected->memory.displacement);
}

/* True when the decoded instruction, at offset in the list, is what the record says. */
static bool
is_as_listed(const struct instruction *found, const struct record *record)
{
	const struct memory_operand *memory = &found->memory;

	return strcmp(instruction_name(found->kind), record->name) == 0 &&
	       found->length_bytes == record->length_bytes && found->reg == record->reg &&
	       found->rm_is_memory == record->rm_is_memory && found->rm == record->rm &&
	       memory->base == record->base && memory->index == record->index &&
	       memory->scale == record->scale && memory->segment == record->segment &&
	       memory->address_size_32 == record->address_size_32 &&
	       memory->displacement == record->displacement + (record->relative ? RIP : 0);
}

/* Each rule of the instruction format that is easily got wrong holds where it was tried by hand. */
static void
hand_checked_encodings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(by_hand); i++) {
		struct instruction expected = by_hand[i].expected;
		struct instruction found;

		expected.length_bytes = by_hand[i].length;
		if (!decode_exactly(by_hand[i].bytes, by_hand[i].length, RIP, &found))
			fail_msg("row %zu is refused", i);
		assert_same(&found, &expected);
	}
}

/* Encodings that only resemble a known instruction are unknown. */
static void
lookalikes_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++)
		assert_refused(refused[i].bytes, refused[i].length, refused[i].why);
}

/* Every operand the assembler can write comes back as it was written, with its length. */
static void
assembled_forms_decode_as_listed(void **state)
{
	size_t offset = 0;

	(void)state;
	assert_true(record_count > 100000);
	for (size_t i = 0; i < record_count; i++) {
		const struct record *record = &records[i];
		struct instruction alone, followed;

		if (!decode_exactly(forms + offset, record->length_bytes, RIP + offset, &alone) ||
		        !is_as_listed(&alone, record))
			fail_msg("record %zu (%s, offset %zx of decode_forms.code) is decoded as "
			         "%s, %u bytes",
			        i, record->name, offset, instruction_name(alone.kind),
			        alone.length_bytes);
		decode_instruction(forms + offset, forms_bytes - offset, RIP + offset, &followed);
		assert_same(&followed, &alone);
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
	for (size_t i = 0; i < record_count; offset += records[i++].length_bytes) {
		for (size_t size = 0; size < records[i].length_bytes; size++)
			assert_refused(forms + offset, size, "cut short");
	}
}

/* LOCK makes every one of the instructions undefined. */
static void
lock_is_refused(void **state)
{
	uint8_t bytes[INSTRUCTION_MAX_BYTES + 1] = { 0xf0 };
	size_t offset = 0;

	(void)state;
	for (size_t i = 0; i < record_count; offset += records[i++].length_bytes) {
		memcpy(bytes + 1, forms + offset, records[i].length_bytes);
		assert_refused(bytes, 1 + records[i].length_bytes, "LOCK");
	}
}

/* The name of the instruction that prefix 66h, F2h or F3h (0, 1, 2) makes of this one. */
static const char *
name_with_prefix(const char *name, unsigned prefix)
{
	for (size_t i = 0; i < COUNT(prefixed); i++) {
		if (strcmp(prefixed[i].name, name) == 0)
			return prefixed[i].with[prefix];
	}
	return name;
}

/* A mandatory prefix more makes the instruction that the opcode map has there, or none. */
static void
mandatory_prefixes_select(void **state)
{
	static const uint8_t prefixes[3] = { 0x66, 0xf2, 0xf3 };
	uint8_t bytes[INSTRUCTION_MAX_BYTES + 1];
	size_t offset = 0;

	(void)state;
	for (size_t i = 0; i < record_count; offset += records[i++].length_bytes) {
		memcpy(bytes + 1, forms + offset, records[i].length_bytes);
		for (unsigned prefix = 0; prefix < 3; prefix++) {
			const char *name = name_with_prefix(records[i].name, prefix);
			size_t size = records[i].length_bytes + 1;
			struct instruction found;

			bytes[0] = prefixes[prefix];
			if (name == NULL) {
				assert_refused(bytes, size, "wrong mandatory prefix");
				continue;
			}
			assert_true(decode_exactly(bytes, size, RIP, &found));
			assert_string_equal(instruction_name(found.kind), name);
			assert_int_equal(found.length_bytes, size);
		}
	}
}

/* Fifteen bytes are an instruction, the same with one prefix more are none. */
static void
longer_than_15_bytes_is_refused(void **state)
{
	/* vmwrite %gs:0x12345678(%r8d,%r9d,4), %r10 */
	static const uint8_t longest[] = { 0x65, 0x67, 0x47, 0x0f, 0x79, 0x94, 0x88, 0x78, 0x56,
		0x34, 0x12 };
	uint8_t bytes[40];

	(void)state;
	memset(bytes, 0x2e, sizeof(bytes));
	for (size_t size = sizeof(longest); size < sizeof(bytes); size++) {
		struct instruction found;

		memcpy(bytes + size - sizeof(longest), longest, sizeof(longest));
		if (size > INSTRUCTION_MAX_BYTES) {
			assert_refused(bytes, size, "too long");
		} else {
			assert_true(decode_exactly(bytes, size, RIP, &found));
			assert_int_equal(found.length_bytes, size);
			assert_int_equal(found.memory.displacement, 0x12345678);
		}
		memset(bytes, 0x2e, sizeof(bytes));
	}
}

/* RIP-relative addresses wrap at 64 bits as the processor's do. */
static void
rip_relative_wraps(void **state)
{
	static const uint8_t bytes[] = { 0x0f, 0x78, 0x05, 0x10, 0, 0, 0 };
	struct instruction found;

	(void)state;
	assert_true(decode_exactly(bytes, sizeof(bytes), INT64_MAX - 8, &found));
	assert_true((uint64_t)found.memory.displacement == (uint64_t)INT64_MAX + 15);
	assert_true(decode_exactly(bytes, sizeof(bytes), UINT64_MAX - 8, &found));
	assert_int_equal(found.memory.displacement, 14);
}

/* An effective address is base + index * scale + displacement, cut as the address size says. */
static void
effective_addresses(void **state)
{
	/* clang-format off */
	static const struct {
		struct memory_operand memory;
		uint64_t address;
	} cases[] = {
		{ { .base = NONE, .index = NONE, .scale = 1, .displacement = 0x1234 }, 0x1234 },
		{ { .base = RBX, .index = NONE, .scale = 1, .displacement = -1 }, 0xffff800000000fff },
		{ { .base = NONE, .index = RAX, .scale = 8 }, 0x8080 },
		{ { .base = RBX, .index = RAX, .scale = 2, .displacement = 4 }, 0xffff800000003024 },
		{ { .base = R15, .index = RAX, .scale = 1 }, 0x100f }, /* the sum wraps */
		{ { .base = RAX, .index = R15, .scale = 4 }, 0x100c },
		{ { .base = RBX, .index = NONE, .scale = 1, .address_size_32 = true }, 0x1000 },
		{ { .base = NONE, .index = NONE, .scale = 1, .address_size_32 = true,
		    .displacement = -2 }, 0xfffffffe },
		{ { .base = RAX, .index = NONE, .scale = 1, .segment = FS }, 0x1010 },
	};
	/* clang-format on */
	uint64_t registers[16] = { [RAX] = 0x1010, [RBX] = 0xffff800000001000, [R15] = UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(
		        memory_operand_address(&cases[i].memory, registers) == cases[i].address);
}

/* Every kind has a name of its own, and the assembled list has every kind. */
static void
every_kind_is_named_and_listed(void **state)
{
	(void)state;
	for (int kind = INSTRUCTION_UNKNOWN + 1; kind < INSTRUCTION_KIND_COUNT; kind++) {
		const char *name = instruction_name(kind);
		size_t i = 0;

		assert_string_not_equal(name, "?");
		for (int other = 0; other < kind; other++)
			assert_string_not_equal(name, instruction_name(other));
		while (i < record_count && strcmp(records[i].name, name) != 0)
			i++;
		if (i == record_count)
			fail_msg("decode_forms.awk does not list %s", name);
	}
	assert_string_equal(instruction_name(INSTRUCTION_UNKNOWN), "?");
	assert_string_equal(instruction_name(INSTRUCTION_KIND_COUNT), "?");
	assert_string_equal(instruction_name(-1), "?");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hand_checked_encodings),
		cmocka_unit_test(lookalikes_are_refused),
		cmocka_unit_test(assembled_forms_decode_as_listed),
		cmocka_unit_test(cut_short_is_refused),
		cmocka_unit_test(lock_is_refused),
		cmocka_unit_test(mandatory_prefixes_select),
		cmocka_unit_test(longer_than_15_bytes_is_refused),
		cmocka_unit_test(rip_relative_wraps),
		cmocka_unit_test(effective_addresses),
		cmocka_unit_test(every_kind_is_named_and_listed),
	};
	size_t bytes;

	_Static_assert(sizeof(struct record) == 40, "decode_forms.awk writes 40 bytes");
	forms = read_file(UNIT_BUILD "/decode_forms.code", &forms_bytes);
	records = read_file(UNIT_BUILD "/decode_forms.records", &bytes);
	record_count = bytes / sizeof(*records);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
