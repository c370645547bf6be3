/* Unit tests of kernel/lab/elf.c: where RDRAND and RDSEED are in a module's code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_wherever_they_are),
		cmocka_unit_test(found_across_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
