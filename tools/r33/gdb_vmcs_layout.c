/* Where Bochs 2.7 keeps the fields of a VMCS: see gdb_vmcs_layout.h. */
#include <string.h>

#include "gdb_vmcs_layout.h"

#include <r33/vmcs_fields.h>

enum { FIRST_FIELD = 0x10, GROUP_FIELDS = 64 };

/* Where the field is. */
long
vmcs_offset(uint32_t field, unsigned *bytes)
{
	static const unsigned widths[] = { 2, 8, 4, 8 };
	unsigned width = field >> 13 & 3;
	unsigned type = field >> 10 & 3;
	unsigned index = field & 0x3ff;

	*bytes = widths[width];
	if (index + *bytes / 4 > GROUP_FIELDS || field & ~0x7fffu)
		return -1;
	return FIRST_FIELD + ((long)(width * 4 + type) * GROUP_FIELDS + index) * 4;
}

/* Is it one of the access rights, which Bochs keeps as the middle of a descriptor? */
static bool
is_access_rights(uint32_t field)
{
	return field >= GUEST_ES_ACCESS_RIGHTS && field <= GUEST_TR_ACCESS_RIGHTS;
}

/* A field's value in the region. */
uint64_t
vmcs_stored_value(uint32_t field, const uint8_t *region)
{
	unsigned bytes;
	long offset = vmcs_offset(field, &bytes);
	uint64_t value = 0;

	if (offset < 0 || offset + bytes > VMCS_REGION_BYTES)
		return 0;
	memcpy(&value, region + offset, bytes);
	if (is_access_rights(field))
		value = (uint32_t)(value >> 8 | value << 24);
	return value;
}
