/* Unit tests of capability files: what they tell, what they may lack, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/msr.h>

#include "base/util.h"
#include "rules/terms.h"
#include "state/caps.h"

#define HEADER "# reason33 capabilities 1\n"

enum { EVERYTHING = (1 << CAPABILITY_COUNT) - 1 };

/* A processor with EPT, unrestricted guest and CET, as Bochs' tigerlake. */
static const char whole[] = HEADER "# all of it\n"
                                   "IA32_APIC_BASE = 0xfee00900\n"
                                   "IA32_VMX_BASIC = 0x1d8100000000004\n"
                                   "IA32_VMX_PINBASED_CTLS = 0x7f00000016\n"
                                   "IA32_VMX_PROCBASED_CTLS = 0xfff9fffe0401e172\n"
                                   "IA32_VMX_EXIT_CTLS = 0x107fffff00036dff\n"
                                   "IA32_VMX_ENTRY_CTLS = 0x10ffff000011ff\n"
                                   "IA32_VMX_MISC = 0x600401e0\n"
                                   "IA32_VMX_CR0_FIXED0 = 0x80000021\n"
                                   "IA32_VMX_CR0_FIXED1 = 0xffffffff\n"
                                   "IA32_VMX_CR4_FIXED0 = 0x2000\n"
                                   "IA32_VMX_CR4_FIXED1 = 0xf72fff\n"
                                   "IA32_VMX_PROCBASED_CTLS2 = 0x2977fff00000000\n"
                                   "IA32_VMX_EPT_VPID_CAP = 0xf0106b34141\n"
                                   "IA32_VMX_TRUE_PINBASED_CTLS = 0x7f00000016\n"
                                   "IA32_VMX_TRUE_PROCBASED_CTLS = 0xfff9fffe04006172\n"
                                   "IA32_VMX_TRUE_EXIT_CTLS = 0x107fffff00036dfb\n"
                                   "IA32_VMX_TRUE_ENTRY_CTLS = 0x10ffff000011fb\n"
                                   "CPUID[1,0] = 0x806c1 0x10800 0x77faf3bf 0xbfebfbff\n"
                                   "CPUID[7,0] = 0x0 0xf1bf27eb 0x405fce 0xfc100510\n"
                                   "CPUID[7,1] = 0 0 0 0\n"
                                   "CPUID[7,2] = 0 0 0 0\n"
                                   "CPUID[10,0] = 0x8300805 0x0 0xf 0x8604\n"
                                   "CPUID[0x80000001,0] = 0x0 0x0 0x121 0x2c100800\n"
                                   "CPUID[0x80000008,0] = 0x3028 0x0 0x0 0x0\n";

/* The whole file without the lines that contain one of the texts. */
static char *
without_both(const char *text, const char *other)
{
	char *file = copy_string(""), *copy = copy_string(whole), *rest;

	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *longer;

		if (strstr(line, text) || strstr(line, other))
			continue;
		longer = new_string("%s%s\n", file, line);
		free(file);
		file = longer;
	}
	free(copy);
	return file;
}

static char *
without(const char *text)
{
	return without_both(text, text);
}

/* Read a copy of exactly the text's size, so that the sanitizer sees every byte beyond it. */
static char *
read_exactly(struct caps *caps, const char *text)
{
	size_t size = strlen(text);
	char *copy = malloc(size + (size == 0));
	char *problem;

	memcpy(copy, text, size);
	problem = caps_read(caps, copy, size);
	free(copy);
	return problem;
}

static void
a_whole_file_tells_everything(void **state)
{
	struct caps caps;

	(void)state;
	assert_null(read_exactly(&caps, whole));
	assert_int_equal(caps.known, EVERYTHING);
	assert_null(caps_missing(&caps));
	assert_int_equal(caps.capabilities.cr0_fixed0, 0x80000021);
	assert_int_equal(caps.capabilities.cr4_fixed1, 0xf72fff);
	assert_int_equal(caps.capabilities.physical_address_width, 40);
	assert_int_equal(caps.capabilities.linear_address_width, 48);
	assert_true(caps.capabilities.ept);
	assert_true(caps.capabilities.unrestricted_guest);
	/* The TRUE MSRs count: bit 55 of IA32_VMX_BASIC is 1. */
	assert_int_equal(caps.capabilities.primary.must_be_one, 0x04006172);
	assert_int_equal(caps.capabilities.efer_bits, 0xd01);
	assert_int_equal(caps.capabilities.perf_global_ctrl_bits, 0x1000f000000ff);
	/* Nothing is left to guess. */
	assert_memory_equal(&caps.least, &caps.capabilities, sizeof(caps.least));
}

/* What is left out, which capabilities are then unknown, and what the user is told. */
static const struct {
	const char *left_out;
	uint32_t unknown;
	const char *missing;
} parts[] = {
	{ "CR0_FIXED0", ON(NEEDS_CR0_FIXED), "IA32_VMX_CR0_FIXED0" },
	{ "CR0_FIXED1", ON(NEEDS_CR0_FIXED), "IA32_VMX_CR0_FIXED1" },
	{ "CR4_FIXED0", ON(NEEDS_CR4_FIXED), "IA32_VMX_CR4_FIXED0" },
	{ "CR4_FIXED1", ON(NEEDS_CR4_FIXED), "IA32_VMX_CR4_FIXED1" },
	{ "[0x80000008", ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        "CPUID[0x80000008,0]" },
	{ "VMX_BASIC", ON(NEEDS_REVISION) | ON(NEEDS_CONTROLS), "IA32_VMX_BASIC" },
	{ "VMX_MISC", ON(NEEDS_MISC), "IA32_VMX_MISC" },
	{ "TRUE_ENTRY", ON(NEEDS_CONTROLS), "allowed settings" },
	{ "IA32_VMX_PROCBASED_CTLS2", ON(NEEDS_CONTROLS), "allowed settings" },
	{ "IA32_VMX_ENTRY_CTLS", 0, NULL }, /* the TRUE one counts */
	{ "EPT_VPID", ON(NEEDS_EPT), "IA32_VMX_EPT_VPID_CAP" },
	{ "CPUID[10", ON(NEEDS_MSR_BITS), "CPUID[10,0]" },
	{ "[0x80000001", ON(NEEDS_MSR_BITS), "CPUID[0x80000001,0]" },
	{ "CPUID[7,1]", ON(NEEDS_EXTENSIONS), "CPUID[7,1]" },
	{ "CPUID[7,0]", ON(NEEDS_EXTENSIONS) | ON(NEEDS_MSR_BITS), "CPUID[7,0]" },
};

static void
parts_may_be_missing(void **state)
{
	struct caps caps;

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		char *text = without(parts[i].left_out);
		char *missing;

		assert_null(read_exactly(&caps, text));
		assert_int_equal(EVERYTHING & ~caps.known, parts[i].unknown);
		missing = caps_missing(&caps);
		if (parts[i].missing)
			assert_non_null(strstr(missing, parts[i].missing));
		else
			assert_null(missing);
		free(missing);
		free(text);
	}
}

/* Where nobody tells, all that some processor has is allowed. */
static void
unknown_parts_are_lenient(void **state)
{
	struct caps caps;
	char *text = without("_FIXED");

	(void)state;
	assert_null(read_exactly(&caps, text));
	assert_int_equal(caps.capabilities.cr4_fixed1, any_processor.cr4_fixed1);
	assert_int_equal(caps.capabilities.physical_address_width, 40);
	assert_int_equal(caps.least.cr4_fixed1, 0x27ff);
	free(text);
	assert_null(read_exactly(&caps, HEADER));
	assert_int_equal(caps.known, 0);
	assert_memory_equal(&caps.capabilities, &any_processor, sizeof(any_processor));
	caps_of_any_processor(&caps);
	assert_memory_equal(&caps.capabilities, &any_processor, sizeof(any_processor));
	assert_int_equal(caps.least.physical_address_width, 36);
}

/* Without EPT and VPID their MSR is not missed. */
static void
what_cannot_exist_is_not_missing(void **state)
{
	struct caps caps;
	char *rest = without_both("EPT_VPID", "PROCBASED_CTLS2");
	char *text = new_string("%sIA32_VMX_PROCBASED_CTLS2 = 0x4100000000\n", rest);

	(void)state;
	assert_null(read_exactly(&caps, text));
	assert_int_equal(caps.known, EVERYTHING);
	assert_false(caps.capabilities.ept);
	free(text);
	text = new_string("%sIA32_VMX_PROCBASED_CTLS2 = 0x4300000000\n", rest);
	assert_null(read_exactly(&caps, text));
	assert_int_equal(caps.known, EVERYTHING & ~ON(NEEDS_EPT));
	free(text);
	free(rest);
}

/* Forms that mean the same. */
static void
forms_are_understood(void **state)
{
	static const char *const forms[] = {
		HEADER "IA32_VMX_MISC = 0x1e0\n",
		HEADER "IA32_VMX_MISC=480",
		HEADER "\t MSR [ 0x485 ]\t=  0X1E0  # states\r\n\r\n\n",
		HEADER "MSR[1157] = 0x00000000000001e0",
		HEADER "MSR[0x485] = 0x1e0\nIA32_VMX_MISC = 480\n",
		HEADER "MSR[0xffffffff] = 0xffffffffffffffff\nMSR[0x485] = 0x1e0\n"
		       "CPUID[4,3] = 1 2 3 4\n",
		"# reason33 capabilities 1\r\nIA32_VMX_MISC = 0x1e0",
	};
	struct caps caps;

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		assert_null(read_exactly(&caps, forms[i]));
		assert_int_equal(caps.known, ON(NEEDS_MISC));
		assert_int_equal(caps.capabilities.vmx_misc, 0x1e0);
	}
}

static const struct {
	const char *text, *named;
} refused[] = {
	{ "", "not a capability file" },
	{ "# reason33 capabilities", "not a capability file" },
	{ "# reason33 capabilities 2\n", "not a capability file" },
	{ "\n" HEADER, "not a capability file" },
	{ "# reason33 dump 1\n", "not a capability file" },
	{ HEADER "IA32_VMX_MISC\n", "line 2" },
	{ HEADER "\nIA32_VMX_MISC =\n", "line 3" },
	{ HEADER "IA32_VMX_MISC = x\n", "line 2" },
	{ HEADER "IA32_VMX_MISC = 0x\n", "line 2" },
	{ HEADER "IA32_VMX_MISC = -1\n", "line 2" },
	{ HEADER "IA32_VMX_MISC = 0x10000000000000000\n", "64 bits" },
	{ HEADER "IA32_VMX_MISC = 18446744073709551616\n", "64 bits" },
	{ HEADER "IA32_VMX_MISC = 1 2\n", "after the value" },
	{ HEADER "IA32_VMX_MISC = 1\nMSR[0x485] = 2\n", "line 3" },
	{ HEADER "IA32_VMX_MISK = 1\n", "expected" },
	{ HEADER "ia32_vmx_misc = 1\n", "expected" },
	{ HEADER "MSR[0x100000000] = 1\n", "expected" },
	{ HEADER "MSR[] = 1\n", "expected" },
	{ HEADER "MSR(0x485) = 1\n", "expected" },
	{ HEADER "CPUID[1] = 1 2 3 4\n", "LEAF" },
	{ HEADER "CPUID[1,0] = 1 2 3\n", "four values" },
	{ HEADER "CPUID[1,0] = 1 2 3 0x100000000\n", "four values" },
	{ HEADER "CPUID[1,0] = 1,2,3,4\n", "four values" },
	{ HEADER "CPUID[1,0] = 1 2 3 4 5\n", "after the value" },
	{ HEADER "CPUID[1,0] = 1 2 3 4\nCPUID[0x1,0x0] = 1 2 3 5\n", "line 3" },
	{ HEADER "CPUID[0x80000008,0] = 0 0 0 0\n", "address widths" },
	{ HEADER "CPUID[0x80000008,0] = 0x3040 0 0 0\n", "address widths" },
	{ HEADER "CPUID[0x80000008,0] = 0x4030 0 0 0\n", "address widths" },
	{ HEADER "IA32_VMX_CR0_FIXED0 = 0x21\nIA32_VMX_CR0_FIXED1 = 0x20\n", "FIXED1" },
	{ HEADER "IA32_VMX_CR4_FIXED0 = 0x2000\nIA32_VMX_CR4_FIXED1 = 0\n", "FIXED1" },
};

static void
other_texts_are_refused(void **state)
{
	struct caps caps;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		char *problem = read_exactly(&caps, refused[i].text);

		assert_non_null(problem);
		if (!strstr(problem, refused[i].named))
			fail_msg("'%s' says '%s'", refused[i].text, problem);
		/* Nothing of it is left. */
		assert_int_equal(caps.known, 0);
		assert_memory_equal(&caps.capabilities, &any_processor, sizeof(any_processor));
		free(problem);
	}
}

static bool
read_msr(void *context, uint32_t number, uint64_t *value)
{
	(void)context;
	*value = number == IA32_VMX_CR4_FIXED1 ? 0x3727ff : number;
	return number != IA32_VMX_EPT_VPID_CAP;
}

static void
read_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	(void)context;
	registers[0] = leaf == 0x80000008 ? 0x3027 : leaf;
	registers[1] = registers[2] = registers[3] = subleaf;
}

/* What is written is read as the same. */
static void
files_are_written(void **state)
{
	const struct capability_source source = { read_msr, read_cpuid, NULL };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct caps caps;

	(void)state;
	caps_write(out, &source);
	fclose(out);
	assert_null(caps_read(&caps, text, size));
	assert_int_equal(caps.capabilities.cr4_fixed1, 0x3727ff);
	assert_int_equal(caps.capabilities.physical_address_width, 39);
	assert_false(caps.msr_known[caps_msr_index(IA32_VMX_EPT_VPID_CAP)]);
	assert_true(caps.msr_known[caps_msr_index(IA32_VMX_TRUE_ENTRY_CTLS)]);
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_file_tells_everything),
		cmocka_unit_test(parts_may_be_missing),
		cmocka_unit_test(unknown_parts_are_lenient),
		cmocka_unit_test(what_cannot_exist_is_not_missing),
		cmocka_unit_test(forms_are_understood),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(files_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
