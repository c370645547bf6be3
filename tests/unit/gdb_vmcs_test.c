/* Where the fields of a VMCS are in memory: the kernel asks made-up processors, r33 gdb finds their places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gdb/vmcs_layout.h"
#include "grade/vmcs_layout.h"
#include "vmx/backend.h"
#include "vmx/regions.h"

enum { REVISION = 0x2b, LAUNCH_STATE = 8, FIRST_FIELD = 16, ROTATED = 3 };

/* A processor that is like this one in nothing but that it has a VMCS. */
static struct {
	bool from_the_end;  /* the fields are in memory in the opposite order */
	bool copies;        /* the region at VMPTRLD */
	bool lacks_pml;     /* GUEST_PML_INDEX does not exist */
	uint64_t masks_cr0; /* bits that VMREAD does not show */
	uint8_t *current;   /* region; NULL = none */
	uint8_t copy[VMCS_REGION_BYTES];
} processor;

static unsigned
number_of(uint32_t field)
{
	for (unsigned i = 0; i < VMCS_LAYOUT_FIELDS; i++) {
		if (vmcs_layout_fields[i] == field)
			return i;
	}
	fail_msg("there is no field 0x%x", field);
	return 0;
}

/* The offset of a field's lowest byte but for access rights, which are rotated. */
static unsigned
offset_of(uint32_t field, unsigned byte)
{
	unsigned number = number_of(field), bytes = vmcs_field_bits(field) / 8;

	if (processor.from_the_end)
		number = VMCS_LAYOUT_FIELDS - 1 - number;
	if (field >= GUEST_ES_ACCESS_RIGHTS && field <= GUEST_TR_ACCESS_RIGHTS)
		byte = (byte + ROTATED) % bytes;
	return FIRST_FIELD + 8 * number + byte;
}

static bool
is_missing(uint32_t field)
{
	return processor.lacks_pml && field == GUEST_PML_INDEX;
}

static void
store(uint8_t *region, uint32_t field, uint64_t value)
{
	for (unsigned i = 0; i < vmcs_field_bits(field) / 8; i++)
		region[offset_of(field, i)] = (uint8_t)(value >> 8 * i);
}

static enum vmx_result
fake_clear(uint64_t vmcs)
{
	uint8_t *region = (uint8_t *)(uintptr_t)vmcs;

	assert_int_equal(*(uint32_t *)(void *)region, REVISION);
	region[LAUNCH_STATE] = 5;
	if (processor.current == region)
		processor.current = NULL;
	return VMX_SUCCEED;
}

static enum vmx_result
fake_load(uint64_t vmcs)
{
	processor.current = (uint8_t *)(uintptr_t)vmcs;
	memcpy(processor.copy, processor.current, sizeof(processor.copy));
	return VMX_SUCCEED;
}

static enum vmx_result
fake_read(uint32_t field, uint64_t *value)
{
	const uint8_t *region = processor.copies ? processor.copy : processor.current;

	assert_non_null(region);
	*value = 0;
	if (is_missing(field)) {
		store(processor.current, VM_INSTRUCTION_ERROR, VM_ERROR_UNSUPPORTED_FIELD);
		return VMX_FAIL_VALID;
	}
	for (unsigned i = 0; i < vmcs_field_bits(field) / 8; i++)
		*value |= (uint64_t)region[offset_of(field, i)] << 8 * i;
	if (field == GUEST_CR0)
		*value &= ~processor.masks_cr0;
	return VMX_SUCCEED;
}

static const struct vmx_backend fake = {
	.clear = fake_clear, .load = fake_load, .read = fake_read
};
const struct vmx_backend *vmx = &fake;

void
vmcs_require(enum vmx_result result, const char *operation, uint64_t operand)
{
	(void)operation;
	(void)operand;
	assert_int_equal(result, VMX_SUCCEED);
}

void
vmcs_region_refresh(uint64_t *region)
{
	memset((void *)(uintptr_t)*region, 0, VMCS_REGION_BYTES);
	*(uint32_t *)(uintptr_t)*region = REVISION;
	fake_clear(*region);
}

/* Let the kernel take its readings, and r33 find the places. */
static const char *
find(struct vmcs_layout *layout)
{
	memset(vmcs_layout_region, 0, sizeof(vmcs_layout_region));
	memset(&vmcs_layout_readings, 0, sizeof(vmcs_layout_readings));
	vmcs_layout_wanted = 1;
	vmcs_layout_show();
	assert_null(processor.current);
	return vmcs_layout_find(layout, &vmcs_layout_readings);
}

/* The value that VMREAD has in this region. */
static uint64_t
vmread(uint8_t *region, uint32_t field)
{
	uint64_t value;

	processor.current = region;
	assert_int_equal(fake_read(field, &value), VMX_SUCCEED);
	processor.current = NULL;
	return value;
}

/* In a region full of different values, each field that exists has the value that VMREAD returns. */
static void
check_values(const struct vmcs_layout *layout)
{
	static uint8_t region[VMCS_REGION_BYTES];
	uint64_t value;

	for (unsigned i = 0; i < sizeof(region); i++)
		region[i] = (uint8_t)(i * 7 ^ i >> 4);
	for (size_t i = 0; i < VMCS_LAYOUT_FIELDS; i++) {
		bool known = vmcs_layout_value(layout, vmcs_layout_fields[i], region, &value);

		assert_int_equal(known, !is_missing(vmcs_layout_fields[i]));
		if (known)
			assert_int_equal(value, vmread(region, vmcs_layout_fields[i]));
	}
}

static void
each_field_is_found(void **state)
{
	static struct vmcs_layout layout;

	(void)state;
	memset(&processor, 0, sizeof(processor));
	assert_null(find(&layout));
	assert_int_equal(layout.found, VMCS_LAYOUT_FIELDS);
	check_values(&layout);
}

static void
another_processor_keeps_them_elsewhere(void **state)
{
	static struct vmcs_layout layout;

	(void)state;
	memset(&processor, 0, sizeof(processor));
	processor.from_the_end = true;
	assert_null(find(&layout));
	assert_int_equal(layout.found, VMCS_LAYOUT_FIELDS);
	check_values(&layout);
}

/* VMREAD of a missing one writes the error's number over what the region was filled with. */
static void
a_missing_field_has_no_place(void **state)
{
	static struct vmcs_layout layout;

	(void)state;
	memset(&processor, 0, sizeof(processor));
	processor.lacks_pml = true;
	assert_null(find(&layout));
	assert_int_equal(layout.found, VMCS_LAYOUT_FIELDS - 1);
	check_values(&layout);
}

/* What memory has is not what VMREAD says: better no value than a wrong one. */
static void
a_field_that_is_not_as_in_memory_has_no_place(void **state)
{
	static struct vmcs_layout layout;
	uint64_t value;

	(void)state;
	for (unsigned bit = 0; bit < 64; bit++) {
		memset(&processor, 0, sizeof(processor));
		processor.masks_cr0 = 1ull << bit;
		assert_null(find(&layout));
		assert_int_equal(layout.found, VMCS_LAYOUT_FIELDS - 1);
		assert_false(vmcs_layout_value(&layout, GUEST_CR0, vmcs_layout_region, &value));
	}
}

static void
a_processor_that_copies_the_region_is_found_out(void **state)
{
	static struct vmcs_layout layout;

	(void)state;
	memset(&processor, 0, sizeof(processor));
	processor.copies = true;
	assert_string_equal(
	        find(&layout), "this engine does not keep the fields of a VMCS in memory");
	assert_int_equal(layout.found, 0);
}

/* gdb stops the kernel wherever it likes: until the last reading, none counts. */
static void
an_early_stop_is_no_answer(void **state)
{
	static struct vmcs_readings readings;
	static struct vmcs_layout layout;
	static const char sentence[] =
	        "the kernel has not yet measured where the fields of a VMCS are; continue to the "
	        "first case";

	(void)state;
	assert_string_equal(vmcs_layout_find(&layout, &readings), sentence);
	memset(&processor, 0, sizeof(processor));
	assert_null(find(&layout));
	readings = vmcs_layout_readings;
	readings.complete = 0;
	assert_string_equal(vmcs_layout_find(&layout, &readings), sentence);
	assert_int_equal(layout.found, 0);
}

static void
what_no_field_is_made_of_tells_the_launch_state(void **state)
{
	static struct vmcs_layout layout;
	static uint8_t region[VMCS_REGION_BYTES];

	(void)state;
	memset(&processor, 0, sizeof(processor));
	assert_null(find(&layout));
	memcpy(region, vmcs_layout_region, sizeof(region));
	store(region, GUEST_CS_ACCESS_RIGHTS, 0x10000);
	region[4] = 1; /* VMX abort */
	assert_false(vmcs_layout_is_launched(&layout, region, vmcs_layout_region));
	region[LAUNCH_STATE] = 6;
	assert_true(vmcs_layout_is_launched(&layout, region, vmcs_layout_region));
}

/* A grading kernel leaves the processor alone. */
static void
nothing_happens_unless_it_is_wanted(void **state)
{
	static const struct vmcs_readings none;

	(void)state;
	memset(&processor, 0, sizeof(processor));
	memset(&vmcs_layout_readings, 0, sizeof(vmcs_layout_readings));
	memset(vmcs_layout_region, 0, sizeof(vmcs_layout_region));
	vmcs_layout_wanted = 0;
	vmcs_layout_show();
	assert_memory_equal(&vmcs_layout_readings, &none, sizeof(none));
	assert_int_equal(vmcs_layout_region[LAUNCH_STATE], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_is_found),
		cmocka_unit_test(another_processor_keeps_them_elsewhere),
		cmocka_unit_test(a_missing_field_has_no_place),
		cmocka_unit_test(a_field_that_is_not_as_in_memory_has_no_place),
		cmocka_unit_test(a_processor_that_copies_the_region_is_found_out),
		cmocka_unit_test(an_early_stop_is_no_answer),
		cmocka_unit_test(what_no_field_is_made_of_tells_the_launch_state),
		cmocka_unit_test(nothing_happens_unless_it_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
