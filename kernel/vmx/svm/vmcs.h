/*
 * A VMCS in memory, where software performs VMX: the region that VMPTRLD makes current.  Its header is the
 * architecture's (SDM 3C, "Format of the VMCS Region"); what follows the architecture leaves open.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "rules/capabilities.h"

#define VMCS_SLOTS 352

struct vmcs_region {
	uint32_t revision; /* bit 31: a shadow VMCS */
	uint32_t abort;
	uint32_t launched; /* the launch state: 0 = clear */
	uint32_t reserved;
	uint64_t fields[VMCS_SLOTS];
};
_Static_assert(sizeof(struct vmcs_region) <= 4096, "a VMCS region is a page");

/* Which of the fields exist: computed once from what the processor offers (SDM 3D, appendix B: the fields'
 * footnotes). */
struct vmcs_format {
	bool exists[VMCS_SLOTS];
};
void vmcs_format_derive(struct vmcs_format *format, const struct capabilities *capabilities);

/* For each width and type (bits 14:13 and 11:10 of an encoding) the first slot, and one behind the last. */
struct vmcs_slot_range {
	uint16_t first, end;
};
static const struct vmcs_slot_range vmcs_slot_ranges[16] = {
	{ 0, 16 }, { 16, 32 }, { 32, 48 }, { 48, 64 },          /* 16 bits */
	{ 64, 112 }, { 112, 128 }, { 128, 160 }, { 160, 176 },  /* 64 bits */
	{ 176, 208 }, { 208, 224 }, { 224, 256 }, { 256, 272 }, /* 32 bits */
	{ 272, 288 }, { 288, 304 }, { 304, 336 }, { 336, 352 }, /* natural width */
};
#define VMCS_ODD_FIELD_BITS 0xffff9000u /* no encoding has one of these */

/* From one encoding to the next of its width and type; bit 0 is the access type. */
#define VMCS_NEXT_FIELD 2

/* The field's place among fields[]; VMCS_SLOTS: no processor has such a field.  The encoding may be that of the
 * upper half of a 64-bit field. */
static inline unsigned
vmcs_slot(uint32_t field)
{
	struct vmcs_slot_range range = vmcs_slot_ranges[(field >> 13 & 3) << 2 | (field >> 10 & 3)];
	unsigned slot = range.first + (field >> 1 & 0x1ff);

	return field & VMCS_ODD_FIELD_BITS || slot >= range.end ? VMCS_SLOTS : slot;
}

/* VMREAD and VMWRITE.  False: this processor has no such field (VM-instruction error 12). */
bool vmcs_region_read(const struct vmcs_region *region, const struct vmcs_format *format,
        uint32_t field, uint64_t *value);
bool vmcs_region_write(struct vmcs_region *region, const struct vmcs_format *format, uint32_t field,
        uint64_t value);

/* A field that software itself keeps, whether VMREAD finds it or not. */
static inline uint64_t
vmcs_get(const struct vmcs_region *region, uint32_t field)
{
	return region->fields[vmcs_slot(field)];
}

static inline void
vmcs_set(struct vmcs_region *region, uint32_t field, uint64_t value)
{
	region->fields[vmcs_slot(field)] = value;
}
