/*
 * Unit tests of kernel/boot/multiboot2.c: blocks put together tag by tag, valid ones and ones
 * with a single fault.
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

#include "boot/multiboot2.h"
#include "multiboot2_block.h"

/* Parse in memory of exactly "size" bytes, which stays until the next call: strings point there. */
static const char *
parse_bytes(const struct block *block, size_t size, struct boot_information *boot)
{
	static uint8_t *copy;

	free(copy);
	copy = malloc(size != 0 ? size : 1);
	assert_non_null(copy);
	memcpy(copy, block->bytes, size);
	memset(boot, 0xa5, sizeof(*boot));
	return multiboot2_parse(copy, size, boot);
}

static void
assert_refused(const struct block *block, const char *sentence)
{
	struct boot_information boot;
	const char *error = parse_bytes(block, block->size, &boot);

	if (error == NULL)
		fail_msg("accepted, not \"%s\"", sentence);
	assert_string_equal(error, sentence);
}

static void
assert_accepted(const struct block *block, struct boot_information *boot)
{
	const char *error = parse_bytes(block, block->size, boot);

	if (error != NULL)
		fail_msg("refused: %s", error);
}

/* What GRUB leaves for a kernel with two modules, in its order, unknown tags between. */
static void
put_all(struct block *block)
{
	begin(block);
	put_command_line(block, "lab=3 grade");
	put32(block, 2), put32(block, 8 + 5), put_string(block, "GRUB");
	put_module(block, 0x200000, 0x212345, "reference");
	put_module(block, 0x300000, 0x300000, "");
	put32(block, 4), put32(block, 16), put32(block, 639), put32(block, 130048);
	put_memory_map(block, 5, 24);
	put_range(block, 0, 0x9fc00, 1);
	put_range(block, 0x9fc00, 0x400, 2);
	put_range(block, 0x100000, 0x7ee0000, 1);
	put_range(block, 0x7fe0000, 0, 1);
	put_range(block, 0xfffc0000, 0x40000, 3);
	finish(block);
}

/* Command line, modules and available memory come out as they went in; the rest is skipped. */
static void
everything_is_found(void **state)
{
	struct boot_information boot;
	struct block block;

	(void)state;
	put_all(&block);
	assert_int_equal(multiboot2_total_size(block.bytes), block.size);
	assert_accepted(&block, &boot);
	assert_string_equal(boot.command_line, "lab=3 grade");
	assert_int_equal(boot.module_count, 2);
	assert_int_equal(boot.modules[0].start, 0x200000);
	assert_int_equal(boot.modules[0].size_bytes, 0x12345);
	assert_string_equal(boot.modules[0].command_line, "reference");
	assert_int_equal(boot.modules[1].start, 0x300000);
	assert_int_equal(boot.modules[1].size_bytes, 0);
	assert_string_equal(boot.modules[1].command_line, "");
	assert_int_equal(boot.memory_range_count, 2);
	assert_int_equal(boot.memory_ranges[0].start, 0);
	assert_int_equal(boot.memory_ranges[0].size_bytes, 0x9fc00);
	assert_int_equal(boot.memory_ranges[1].start, 0x100000);
	assert_int_equal(boot.memory_ranges[1].size_bytes, 0x7ee0000);
}

/* A block with nothing but an end is valid: no modules, no memory, an empty command line. */
static void
empty_block_is_valid(void **state)
{
	struct boot_information boot;
	struct block block;

	(void)state;
	begin(&block);
	finish(&block);
	assert_accepted(&block, &boot);
	assert_string_equal(boot.command_line, "");
	assert_int_equal(boot.module_count, 0);
	assert_int_equal(boot.memory_range_count, 0);
}

/* A block cut off anywhere, its total size corrected or not, is refused and not read beyond. */
static void
truncated_block_is_refused(void **state)
{
	struct boot_information boot;
	struct block block;
	uint32_t whole;

	(void)state;
	put_all(&block);
	whole = block.size;
	for (uint32_t size = 0; size < whole; size++) {
		const char *error = parse_bytes(&block, size, &boot);

		assert_non_null(error);
		assert_string_equal(error,
		        size < 8
		                ? "the boot information is shorter than its header"
		                : "the boot information is longer than the memory it was found in");
	}
	for (uint32_t size = 0; size < whole; size++) {
		memcpy(block.bytes, &size, 4);
		assert_non_null(parse_bytes(&block, size < 8 ? 8 : size, &boot));
	}
}

/* The block may be shorter than the memory it is in; what follows it is not read. */
static void
bytes_behind_the_block_are_ignored(void **state)
{
	struct boot_information boot;
	struct block block;

	(void)state;
	begin(&block);
	finish(&block);
	assert_null(parse_bytes(&block, block.size + 100, &boot));
	begin(&block);
	finish_without_end(&block);
	put_module(&block, 1, 2, "beyond");
	put32(&block, 0), put32(&block, 8);
	assert_refused(&block, "the boot information has no end tag");
}

/* The end tag is the end, even when more tags follow in the block. */
static void
tags_behind_the_end_are_ignored(void **state)
{
	struct boot_information boot;
	struct block block;

	(void)state;
	begin(&block);
	finish(&block);
	put_module(&block, 2, 1, "never read");
	finish_without_end(&block);
	assert_accepted(&block, &boot);
	assert_int_equal(boot.module_count, 0);
}

/* Tags smaller than their header or larger than the block are refused, of whatever type. */
static void
tags_leaving_the_block_are_refused(void **state)
{
	static const uint32_t sizes[] = { 0, 7, 17, 24, 0x7fffffff, 0xfffffff8, 0xffffffff };
	struct block block;

	(void)state;
	for (uint32_t type = 0; type <= 22; type++) {
		for (size_t i = 0; i < COUNT(sizes); i++) {
			begin(&block);
			put32(&block, type), put32(&block, sizes[i]);
			finish(&block);
			assert_refused(&block, "a tag of the boot information leaves the block");
		}
	}
}

/* A block that ends with a tag's last byte, or with its padding, lacks an end tag. */
static void
missing_end_is_refused(void **state)
{
	struct block block;

	(void)state;
	begin(&block);
	finish_without_end(&block);
	assert_refused(&block, "the boot information has no end tag");
	begin(&block);
	put_command_line(&block, "");
	finish_without_end(&block);
	assert_refused(&block, "the boot information has no end tag");
	block.size -= 7; /* the padding */
	finish_without_end(&block);
	assert_refused(&block, "the boot information has no end tag");
}

/* A string must end inside its tag, even where a zero byte follows behind it. */
static void
strings_without_end_are_refused(void **state)
{
	struct block block;

	(void)state;
	for (uint32_t length = 0; length <= 3; length++) {
		begin(&block);
		put32(&block, 1), put32(&block, 8 + length), put_string(&block, "abc");
		finish(&block);
		assert_refused(&block, "the boot information's command line has no end");
	}
	for (uint32_t length = 0; length <= 14; length++) { /* from a bare header on */
		begin(&block);
		put32(&block, 3), put32(&block, 8 + length), put64(&block, 0);
		put_string(&block, "abcdef");
		finish(&block);
		assert_refused(&block, "a boot module's command line has no end");
	}
}

/* A module may be empty, but not end before it starts. */
static void
module_ends_are_checked(void **state)
{
	struct block block;

	(void)state;
	begin(&block);
	put_module(&block, 0x200000, 0x1fffff, "x");
	finish(&block);
	assert_refused(&block, "a boot module ends before it starts");
}

/* Exactly as many modules and ranges are accepted as there is room for. */
static void
tables_do_not_overflow(void **state)
{
	struct boot_information boot;
	struct block block;

	(void)state;
	for (uint32_t count = BOOT_MAX_MODULES; count <= BOOT_MAX_MODULES + 1; count++) {
		begin(&block);
		for (uint32_t i = 0; i < count; i++)
			put_module(&block, i, 2 * i, "");
		finish(&block);
		if (count > BOOT_MAX_MODULES) {
			assert_refused(&block, "there are more than 32 boot modules");
		} else {
			assert_accepted(&block, &boot);
			assert_int_equal(boot.modules[count - 1].size_bytes, count - 1);
		}
	}
	for (uint32_t count = BOOT_MAX_MEMORY_RANGES; count <= BOOT_MAX_MEMORY_RANGES + 1;
	        count++) {
		begin(&block);
		put_memory_map(&block, count + 1, 24);
		put_range(&block, 0, 1, 2); /* reserved: takes no room */
		for (uint32_t i = 0; i < count; i++)
			put_range(&block, i, 1, 1);
		finish(&block);
		if (count > BOOT_MAX_MEMORY_RANGES) {
			assert_refused(
			        &block, "there are more than 128 ranges of available memory");
		} else {
			assert_accepted(&block, &boot);
			assert_int_equal(boot.memory_ranges[count - 1].start, count - 1);
		}
	}
}

/* Longer entries are walked by the size they state; shorter, halved or wrapping ones refused. */
static void
memory_map_entries_are_checked(void **state)
{
	struct boot_information boot;
	struct block block;

	(void)state;
	begin(&block);
	put_memory_map(&block, 2, 32);
	put_range(&block, 0x1000, 0x1000, 1), put64(&block, -1);
	put_range(&block, -0x1000ull, 0x1000, 1), put64(&block, -1); /* up to the last address */
	finish(&block);
	assert_accepted(&block, &boot);
	assert_int_equal(boot.memory_range_count, 2);
	assert_true(boot.memory_ranges[1].start == -0x1000ull);

	for (uint32_t entry_bytes = 0; entry_bytes < 24; entry_bytes++) {
		begin(&block);
		put_memory_map(&block, 1, entry_bytes);
		put_range(&block, 0x1000, 0x1000, 1);
		finish(&block);
		assert_refused(&block, "the memory map's entries are shorter than 24 bytes");
	}
	for (uint32_t bytes = 17; bytes < 16 + 24; bytes++) {
		begin(&block);
		put32(&block, 6), put32(&block, bytes), put32(&block, 24), put32(&block, 0);
		put_range(&block, 0x1000, 0x1000, 1);
		finish(&block);
		assert_refused(&block, "the memory map does not end with a whole entry");
	}
	for (uint32_t bytes = 8; bytes < 16; bytes++) {
		begin(&block);
		put32(&block, 6), put32(&block, bytes), put32(&block, 24), put32(&block, 0);
		finish(&block);
		assert_refused(&block, "the memory map is shorter than its header");
	}
	begin(&block);
	put_memory_map(&block, 1, 24);
	put_range(&block, -0x1000ull, 0x1001, 1);
	finish(&block);
	assert_refused(&block, "a range of the memory map goes beyond the last address");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_found),
		cmocka_unit_test(empty_block_is_valid),
		cmocka_unit_test(truncated_block_is_refused),
		cmocka_unit_test(bytes_behind_the_block_are_ignored),
		cmocka_unit_test(tags_behind_the_end_are_ignored),
		cmocka_unit_test(tags_leaving_the_block_are_refused),
		cmocka_unit_test(missing_end_is_refused),
		cmocka_unit_test(strings_without_end_are_refused),
		cmocka_unit_test(module_ends_are_checked),
		cmocka_unit_test(tables_do_not_overflow),
		cmocka_unit_test(memory_map_entries_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
