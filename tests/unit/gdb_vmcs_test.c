/* Where Bochs 2.7 keeps the fields of a VMCS: the places were measured with VMREAD. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gdb_vmcs_layout.h"

#include <r33/vmcs_fields.h>

static const uint32_t all_fields[] = {
#define ENCODING(name, encoding) encoding,
	VMCS_FIELDS(ENCODING)
#undef ENCODING
};

static void
fields_are_where_they_were_found(void **state)
{
	unsigned bytes;

	(void)state;
	assert_int_equal(vmcs_offset(EXIT_REASON, &bytes), 0x918);
	assert_int_equal(bytes, 4);
	assert_int_equal(vmcs_offset(GUEST_RIP, &bytes), 0xe88);
	assert_int_equal(bytes, 8);
	assert_int_equal(vmcs_offset(HOST_RIP, &bytes), 0xf68);
	assert_int_equal(bytes, 8);
	assert_int_equal(vmcs_offset(GUEST_CS_SELECTOR, &bytes), 0x10 + 2 * 256 + 8);
	assert_int_equal(bytes, 2);
}

/* No two fields share a byte, all lie in the region. */
static void
no_two_fields_overlap(void **state)
{
	static uint8_t used[VMCS_REGION_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(all_fields) / sizeof(all_fields[0]); i++) {
		unsigned bytes;
		long offset = vmcs_offset(all_fields[i], &bytes);

		if (offset < 0)
			continue;
		assert_true(offset >= 0x10 && offset + bytes <= VMCS_REGION_BYTES);
		for (unsigned j = 0; j < bytes; j++) {
			if (used[offset + j]++)
				fail_msg("field 0x%x shares byte 0x%lx", all_fields[i], offset + j);
		}
	}
}

/* Access rights are rotated, everything else is as it is. */
static void
access_rights_are_rotated(void **state)
{
	static uint8_t region[VMCS_REGION_BYTES];
	uint32_t rights = 0x00a09b00;
	uint64_t rip = 0x123456789abcdef0;
	unsigned bytes;

	(void)state;
	memcpy(region + vmcs_offset(GUEST_CS_ACCESS_RIGHTS, &bytes), &rights, 4);
	memcpy(region + vmcs_offset(GUEST_RIP, &bytes), &rip, 8);
	assert_int_equal(vmcs_stored_value(GUEST_CS_ACCESS_RIGHTS, region), 0xa09b);
	assert_int_equal(vmcs_stored_value(GUEST_RIP, region), rip);
	rights = 0x01000000;
	memcpy(region + vmcs_offset(GUEST_CS_ACCESS_RIGHTS, &bytes), &rights, 4);
	assert_int_equal(vmcs_stored_value(GUEST_CS_ACCESS_RIGHTS, region), 0x10000);
	assert_int_equal(vmcs_stored_value(0xfffffffe, region), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_where_they_were_found),
		cmocka_unit_test(no_two_fields_overlap),
		cmocka_unit_test(access_rights_are_rotated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
