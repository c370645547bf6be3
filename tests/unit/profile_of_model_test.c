/* Unit tests of what r33 makes of a model for an engine that is another processor: the profile for the kernel, and
 * QEMU's option. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "base/util.h"
#include "machine/qemu.h"
#include "state/profile.h"
#include "vmx/profile.h"

static void
make_profile(const struct caps *caps)
{
	char *bytes = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&bytes, &size);

	assert_true(profile_write(out, caps));
	fclose(out);
	assert_null(profile_read((const uint8_t *)bytes, size));
	free(bytes);
}

static void
assert_told(const struct caps *caps)
{
	for (unsigned i = 0; i < capability_msr_count; i++) {
		uint64_t value;

		assert_int_equal(profile_read_msr(capability_msrs[i], &value), caps->msr_known[i]);
		if (caps->msr_known[i])
			assert_int_equal(value, caps->msrs[i]);
	}
	for (unsigned i = 0; i < capability_leaf_count; i++) {
		const struct cpuid_leaf *leaf = &capability_leaves[i];
		uint32_t registers[4];

		assert_int_equal(
		        profile_cpuid(leaf->leaf, leaf->subleaf, registers), caps->leaf_known[i]);
		if (caps->leaf_known[i])
			assert_memory_equal(registers, caps->leaves[i], sizeof(registers));
	}
}

/* Of every model the kernel is told what its file tells, and nothing else. */
static void
the_kernel_is_told_what_the_file_tells(void **state)
{
	char *models = caps_list_models("."), *rest;
	int count = 0;

	(void)state;
	for (char *model = strtok_r(models, " ", &rest); model;
	        model = strtok_r(NULL, " ", &rest)) {
		struct caps caps;

		assert_true(caps_load(&caps, ".", model));
		make_profile(&caps);
		assert_told(&caps);
		caps_free(&caps);
		count++;
	}
	assert_true(count > 10);
	free(models);
}

/* The list has names that can be typed: without a version where only one has the model. */
static void
models_are_listed_by_their_names(void **state)
{
	char *models = caps_list_models(".");

	(void)state;
	assert_non_null(strstr(models, "arrow_lake broadwell_ult broadwell_ult-3.0 "));
	assert_non_null(strstr(models, " sapphire_rapids tigerlake tigerlake-3.0"));
	free(models);
}

/* Of a processor that is not known there is no profile. */
static void
nothing_makes_no_profile(void **state)
{
	struct caps caps;
	char *bytes = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&bytes, &size);

	(void)state;
	caps_of_any_processor(&caps);
	assert_false(profile_write(out, &caps));
	fclose(out);
	free(bytes);
	caps_free(&caps);
}

/* Is the feature, and what it would be if it were there, switched off? */
static bool
is_off(const char *option, const char *feature)
{
	char *word = new_string(",-%s,", feature), *whole = new_string("%s,", option);
	bool is = strstr(whole, word) != NULL;

	free(word);
	free(whole);
	return is;
}

/* QEMU's processor has no instruction that the model lacks, and all others; and always SVM. */
static void
qemu_has_what_the_model_has(void **state)
{
	static const struct {
		const char *model;
		bool xsave, avx, la57, pcid;
	} expected[] = {
		{ "bx_generic", false, false, false, false },
		{ "core2_penryn_t9600", true, false, false, false },
		{ "corei5_arrandale_m520", false, false, false, false },
		{ "corei7_sandy_bridge_2600k", true, true, false, true },
		{ "tigerlake", true, true, false, true },
		{ "sapphire_rapids-3.0", true, true, true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(expected); i++) {
		char option[ENGINE_CPU_BYTES];
		struct caps caps;

		assert_true(caps_load(&caps, ".", expected[i].model));
		qemu_cpu_of_model(option, &caps);
		assert_memory_equal(option, "max,vendor=GenuineIntel,phys-bits=40,", 37);
		assert_true(strlen(option) < sizeof(option) - 1);
		assert_int_equal(is_off(option, "xsave"), !expected[i].xsave);
		assert_int_equal(is_off(option, "avx"), !expected[i].avx);
		assert_int_equal(is_off(option, "la57"), !expected[i].la57);
		assert_int_equal(is_off(option, "pcid"), !expected[i].pcid);
		assert_true(is_off(option, "rdrand") && is_off(option, "rdseed"));
		assert_null(strstr(option, "svm"));
		assert_null(strstr(option, "npt"));
		caps_free(&caps);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_is_told_what_the_file_tells),
		cmocka_unit_test(models_are_listed_by_their_names),
		cmocka_unit_test(nothing_makes_no_profile),
		cmocka_unit_test(qemu_has_what_the_model_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
