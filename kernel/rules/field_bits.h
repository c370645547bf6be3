/* The bits of VMCS fields as a table, for field_bits.c and field_decode.c. */
#pragma once

#include "rules/rules.h"

struct bit_field {
	uint8_t low, high;
	const char *name;
};

/* The named bits of a field in ascending order; NULL and 0 for a plain number. */
const struct bit_field *vmcs_bit_fields(uint32_t field, size_t *count);
