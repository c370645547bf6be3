/* Unit tests of kernel/lab/elf.c: where RDRAND and RDSEED, and LOCK before bit tests, are in a module's code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "lab/elf.h"

#define CODE_ADDRESS 0x40000000u
#define CODE_BYTES   0x40
#define FILE_BYTES   0x60

/* Code, and data behind it in the file. */
static const struct elf_image elf = {
	.segment_count = 2,
	.segments = {
		{ .address = CODE_ADDRESS, .memory_bytes = 0x1000, .file_bytes = CODE_BYTES, .executable = true },
		{ .address = CODE_ADDRESS + 0x1000, .memory_bytes = FILE_BYTES - CODE_BYTES,
			.file_offset = CODE_BYTES, .file_bytes = FILE_BYTES - CODE_BYTES },
	},
};

/* They are found at each place in the code, whatever register; CMPXCHG8B and others that begin alike are not,
 * nor are the same bytes as data. */
static void
found_wherever_they_are(void **state)
{
	uint8_t file[FILE_BYTES] = { 0 };

	(void)state;
	assert_int_equal(elf_random_number_instruction(file, &elf), 0);
	for (size_t at = 0; at <= FILE_BYTES - 3; at++)
		for (unsigned modrm = 0; modrm < 0x100; modrm++) {
			bool expected = modrm >= 0xf0 && at <= CODE_BYTES - 3;

			memset(file, 0x90, sizeof(file));
			memcpy(&file[at], (const uint8_t[]){ 0x0f, 0xc7, (uint8_t)modrm }, 3);
			assert_int_equal(elf_random_number_instruction(file, &elf),
			        expected ? CODE_ADDRESS + at : 0);
		}
}

/* An instruction may begin in one segment and end in the next. */
static void
found_across_segments(void **state)
{
	struct elf_image two = elf;
	uint8_t file[FILE_BYTES] = { 0 };

	(void)state;
	two.segments[1].executable = true;
	for (size_t at = CODE_BYTES - 2; at <= CODE_BYTES; at++) {
		memset(file, 0x90, sizeof(file));
		memcpy(&file[at], (const uint8_t[]){ 0x0f, 0xc7, 0xff }, 3);
		assert_int_not_equal(elf_random_number_instruction(file, &two), 0);
	}
}

/* Each form at which QEMU 7.2 ends, at each place in the code; those of memory are not found, nor those without
 * LOCK. */
static void
locked_bit_tests(void **state)
{
	static const struct {
		uint8_t bytes[8];
		size_t length;
		bool expected;
	} forms[] = {
		{ { 0xf0, 0x0f, 0xab, 0xc8 }, 4, true },
		{ { 0xf0, 0x0f, 0xb3, 0xff }, 4, true },
		{ { 0xf0, 0x0f, 0xbb, 0xc0 }, 4, true },
		{ { 0xf0, 0x0f, 0xba, 0xe8, 0x1f }, 5, true },
		{ { 0xf0, 0x48, 0x0f, 0xba, 0xf0, 0x1f }, 6, true },
		{ { 0xf0, 0x66, 0xf2, 0x41, 0x0f, 0xba, 0xff, 0x03 }, 8, true },
		{ { 0x66, 0xf0, 0x0f, 0xab, 0xc8 }, 5, true },
		{ { 0xf0, 0xf0, 0x0f, 0xab, 0xc8 }, 5, true },
		{ { 0xf0, 0x0f, 0xf0, 0x0f, 0xab, 0xc8 }, 6, true },
		{ { 0xf0, 0x0f, 0xab, 0x08 }, 4, false },
		{ { 0xf0, 0x0f, 0xba, 0x28, 0x1f }, 5, false },
		{ { 0xf0, 0x0f, 0xb1, 0xc8 }, 4, false },
		{ { 0xf0, 0x90, 0x0f, 0xab, 0xc8 }, 5, false },
		{ { 0x0f, 0xab, 0xc8 }, 3, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++)
		for (size_t at = 0; at <= FILE_BYTES - forms[i].length; at++) {
			uint8_t file[FILE_BYTES];
			bool inside = at + forms[i].length <= CODE_BYTES;

			memset(file, 0x90, sizeof(file));
			memcpy(&file[at], forms[i].bytes, forms[i].length);
			/* Where only the last byte, an immediate, is data, it is found as well. */
			if (at < CODE_BYTES && !inside && forms[i].expected)
				continue;
			assert_int_equal(
			        elf_locked_bit_test(file, &elf) != 0, inside && forms[i].expected);
		}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_wherever_they_are),
		cmocka_unit_test(found_across_segments),
		cmocka_unit_test(locked_bit_tests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
