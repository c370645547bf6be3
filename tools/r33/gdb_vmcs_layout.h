/* Where Bochs 2.7 keeps the fields of a VMCS in its 4 KiB of the guest's RAM.  Other versions differ, with
 * the same revision identifier. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Where the field is, from the begin of the region, and how many bytes; -1: Bochs 2.7 has no place for
 * it. */
long vmcs_offset(uint32_t field, unsigned *bytes);

/* A field's value in the region: access rights are stored rotated. */
uint64_t vmcs_stored_value(uint32_t field, const uint8_t *region);

enum { VMCS_REGION_BYTES = 4096 };
