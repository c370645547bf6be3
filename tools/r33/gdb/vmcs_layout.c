/* Where the processor keeps the fields of a VMCS: see vmcs_layout.h. */
#include "vmcs_layout.h"

#include <string.h>

/* Which byte of the region is this byte of the field?  0: none. */
static unsigned
offset_of_byte(const struct vmcs_readings *readings, size_t field, unsigned byte)
{
	unsigned read[VMCS_FILLINGS];
	unsigned offset;

	for (int i = 0; i < VMCS_FILLINGS; i++)
		read[i] = readings->read[i][field] >> 8 * byte & 0xff;
	offset = read[FILLED_BY_HIGH_OFFSETS] << 8 | read[FILLED_BY_LOW_OFFSETS];
	if (offset < VMCS_HEADER_BYTES || offset >= VMCS_REGION_BYTES)
		return 0;
	for (unsigned i = 0; i < VMCS_FILLINGS; i++) {
		if (read[i] != vmcs_filling(i, offset))
			return 0;
	}
	return offset;
}

const char *
vmcs_layout_find(struct vmcs_layout *layout, const struct vmcs_readings *readings)
{
	memset(layout, 0, sizeof(*layout));
	if (!readings->complete)
		return "the kernel has not yet measured where the fields of a VMCS are; continue "
		       "to the first case";
	for (size_t i = 0; i < VMCS_LAYOUT_FIELDS; i++) {
		unsigned bytes = vmcs_field_bits(vmcs_layout_fields[i]) / 8;
		uint16_t *offsets = layout->offsets[i];
		bool complete = true;

		for (unsigned j = 0; j < bytes; j++) {
			offsets[j] = (uint16_t)offset_of_byte(readings, i, j);
			layout->is_of_field[offsets[j]] = true;
			complete = complete && offsets[j];
		}
		if (complete)
			layout->found++;
		else
			offsets[0] = 0;
	}
	return layout->found ? NULL : "this engine does not keep the fields of a VMCS in memory";
}

bool
vmcs_layout_value(
        const struct vmcs_layout *layout, uint32_t field, const uint8_t *region, uint64_t *value)
{
	size_t i = 0;

	while (i < VMCS_LAYOUT_FIELDS && vmcs_layout_fields[i] != field)
		i++;
	if (i == VMCS_LAYOUT_FIELDS || !layout->offsets[i][0])
		return false;
	*value = 0;
	for (unsigned j = 0; j < vmcs_field_bits(field) / 8; j++)
		*value |= (uint64_t)region[layout->offsets[i][j]] << 8 * j;
	return true;
}

bool
vmcs_layout_is_launched(
        const struct vmcs_layout *layout, const uint8_t *region, const uint8_t *clear_region)
{
	for (unsigned i = VMCS_HEADER_BYTES; i < VMCS_REGION_BYTES; i++) {
		if (!layout->is_of_field[i] && region[i] != clear_region[i])
			return true;
	}
	return false;
}
