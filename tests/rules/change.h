/* Changes of fields, for states that are given as another one with changes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A field's new value: its old one without some bits and with others. */
struct change {
	uint32_t target; /* a field, or MEMORY(address); 0 ends a list */
	uint64_t clear, set;
	/* It is a linear address, given for 48 bits: with 57 it is set at the same distance from the end
	 * of the canonical ones. */
	bool is_address;
};

#define SET(field, value)          { field, ~0ull, value, false }
#define BITS(field, bits)          { field, 0, bits, false }
#define CLEAR(field, bits)         { field, bits, 0, false }
#define REPLACE(field, clear, set) { field, clear, set, false }
#define ADDRESS(field, address)    { field, ~0ull, address, true }
#define ADDRESS_BITS(field, bits)  { field, 0, bits, true }
