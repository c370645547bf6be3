/* Unit tests of kernel/vmx/profile.c: what a good module tells, and that any other is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "rules/profile_file.h"
#include "vmx/profile.h"

struct __attribute__((packed)) profile {
	struct profile_header header;
	struct profile_msr msrs[2];
	struct profile_leaf leaves[2];
};

static const struct profile good = {
	.header = { PROFILE_MAGIC, PROFILE_VERSION, 2, 2, 0 },
	.msrs = { { 0x480, 0, 0xda040000000004 }, { 0x486, 0, 0x80000021 } },
	.leaves = { { 1, 0, { 0x806c1, 0x10800, 0x77faf3bf, 0xbfebfbff } },
	        { 7, 1, { 11, 12, 13, 14 } } },
};

/* Read the first bytes of it, from memory that ends there. */
static const char *
read_bytes(const struct profile *profile, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	const char *error;

	memcpy(copy, profile, size < sizeof(*profile) ? size : sizeof(*profile));
	error = profile_read(copy, size);
	free(copy);
	return error;
}

static void
assert_nothing_is_told(void)
{
	uint64_t value;
	uint32_t registers[4];

	assert_false(profile_present());
	assert_false(profile_read_msr(0x480, &value));
	assert_false(profile_cpuid(1, 0, registers));
}

/* Each MSR and leaf is told by its number, also when the module's bytes are gone; no other is. */
static void
what_it_has_is_told(void **state)
{
	uint64_t value = 0;
	uint32_t registers[4] = { 0 };

	(void)state;
	assert_null(read_bytes(&good, sizeof(good)));
	assert_true(profile_present());
	assert_true(profile_read_msr(0x480, &value));
	assert_int_equal(value, 0xda040000000004);
	assert_true(profile_read_msr(0x486, &value));
	assert_int_equal(value, 0x80000021);
	assert_false(profile_read_msr(0x487, &value));
	assert_true(profile_cpuid(1, 0, registers));
	assert_memory_equal(registers, good.leaves[0].registers, sizeof(registers));
	assert_true(profile_cpuid(7, 1, registers));
	assert_memory_equal(registers, good.leaves[1].registers, sizeof(registers));
	assert_false(profile_cpuid(7, 0, registers));
	assert_false(profile_cpuid(0, 1, registers));
}

/* A wrong number in the header, or bytes too few or too many: there is no profile, not even the last one. */
static void
malformed_is_refused(void **state)
{
	struct profile wrong[8];

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		wrong[i] = good;
	wrong[0].header.magic[7] = 'X';
	wrong[1].header.version++;
	wrong[2].header.reserved = 1;
	wrong[3].header.msr_count = 0;
	wrong[4].header.leaf_count = 0;
	wrong[5].header.msr_count = 3;
	wrong[6].header.leaf_count = 0x20000002; /* 2^29: times 24 that is 0 in 32 bits */
	wrong[7].header.msr_count = 0x10000002;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_null(read_bytes(&good, sizeof(good)));
		assert_non_null(read_bytes(&wrong[i], sizeof(wrong[i])));
		assert_nothing_is_told();
	}
	for (size_t size = 0; size < sizeof(good); size++) {
		assert_non_null(read_bytes(&good, size));
		assert_nothing_is_told();
	}
	assert_non_null(read_bytes(&good, sizeof(good) + 1));
	assert_nothing_is_told();
}

/* It is found among the boot modules by its command line; there may be none, but not two. */
static void
it_is_found_among_the_modules(void **state)
{
	const struct boot_module profile = { (uint64_t)&good, sizeof(good), "profile" };
	struct boot_information boot = { .module_count = 2,
		.modules = { { 0, 0, "reference" }, { 0, 0, "lab1" } } };

	(void)state;
	assert_non_null(profile_read(NULL, 0));
	assert_null(profile_load(&boot));
	assert_nothing_is_told();
	boot.modules[1] = profile;
	assert_null(profile_load(&boot));
	assert_true(profile_present());
	boot.modules[boot.module_count++] = profile;
	assert_non_null(profile_load(&boot));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_has_is_told),
		cmocka_unit_test(malformed_is_refused),
		cmocka_unit_test(it_is_found_among_the_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
