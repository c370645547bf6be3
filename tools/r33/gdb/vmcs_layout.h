/*
 * Where the machine's processor keeps the fields of a VMCS in its 4 KiB of memory: found in what the
 * kernel has read there (kernel/grade/vmcs_readings.h).  No version's layout is known beforehand.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "grade/vmcs_readings.h"

enum { VMCS_FIELD_MOST_BYTES = 8 };

struct vmcs_layout {
	/* The offset of each byte of each field, the lowest first; 0 = the field has no place. */
	uint16_t offsets[VMCS_LAYOUT_FIELDS][VMCS_FIELD_MOST_BYTES];
	bool is_of_field[VMCS_REGION_BYTES];
	int found; /* fields that have a place */
};

/* Find the places.  NULL, or one sentence: the kernel is not there yet, or VMREAD does not read from
 * memory, and layout->found is 0. */
const char *vmcs_layout_find(struct vmcs_layout *layout, const struct vmcs_readings *readings);

/* A field's value in a region.  False: the processor lacks it, or its place was not found. */
bool vmcs_layout_value(
        const struct vmcs_layout *layout, uint32_t field, const uint8_t *region, uint64_t *value);

/* Is the region's launch state another than that of a clear one?  The bytes of no field are compared. */
bool vmcs_layout_is_launched(
        const struct vmcs_layout *layout, const uint8_t *region, const uint8_t *clear_region);
