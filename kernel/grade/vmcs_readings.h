/*
 * How the kernel tells r33 gdb where the processor keeps the fields of a VMCS.  The kernel fills the
 * region of the current VMCS, as memory, and executes VMREAD: what comes out says which bytes of the
 * region the field is made of.  kernel/grade/vmcs_layout.c does that, tools/r33/gdb/vmcs_layout.c reads it.
 */
#pragma once

#include <stdint.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#define VMCS_REGION_BYTES 4096

/* The architecture's own: the revision identifier and the VMX-abort indicator. */
#define VMCS_HEADER_BYTES 8

/* What the region is filled with: the parts of each byte's offset, and something to compare with, for
 * a field that is not read from memory as it is there. */
enum vmcs_filling {
	FILLED_BY_LOW_OFFSETS,
	FILLED_BY_HIGH_OFFSETS,
	FILLED_BY_INVERTED_LOW_OFFSETS,
	VMCS_FILLINGS,
};

static inline uint8_t
vmcs_filling(enum vmcs_filling filling, unsigned offset)
{
	switch (filling) {
	case FILLED_BY_LOW_OFFSETS: return (uint8_t)offset;
	case FILLED_BY_HIGH_OFFSETS: return (uint8_t)(offset >> 8);
	default: return (uint8_t)~offset;
	}
}

/* All of the region but its header. */
static inline void
vmcs_fill(uint8_t *region, enum vmcs_filling filling)
{
	for (unsigned i = VMCS_HEADER_BYTES; i < VMCS_REGION_BYTES; i++)
		region[i] = vmcs_filling(filling, i);
}

/* The fields that are looked for. */
static const uint16_t vmcs_layout_fields[] = {
#define ENCODING(name, encoding) encoding,
	VMCS_FIELDS(ENCODING)
#undef ENCODING
};

#define VMCS_LAYOUT_FIELDS (COUNT(vmcs_layout_fields))

/* What VMREAD says; 0 of fields that are missing. */
struct vmcs_readings {
	uint64_t read[VMCS_FILLINGS][VMCS_LAYOUT_FIELDS];
	uint64_t complete; /* not 0: all of them have been taken */
};
