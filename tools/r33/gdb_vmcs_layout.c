/* Where Bochs 2.7 keeps the fields of a VMCS: see gdb_vmcs_layout.h. */
#include <string.h>

#include "gdb_vmcs_layout.h"

#include <r33/vmcs_fields.h>

enum { FIRST_FIELD = 0x10, GROUP_FIELDS = 64 };

/* Where the field is. */
long
vmcs_offset(uint32_t field, unsigned *bytes)
{
	unsigned width = vmcs_field_width(field);
	unsigned type = vmcs_field_type(field);
	unsigned index = field & 0x3ff;

	*bytes = vmcs_field_bits(field) / 8;
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
