/* Changes of fields, for states that are given as another one with changes. */
#pragma once

#include <stdint.h>

/* A field's new value: its old one without some bits and with others. */
struct change {
	uint32_t target; /* a field, or MEMORY(address); 0 ends a list */
	uint64_t clear, set;
};

#define SET(field, value) \
	{ \
		field, ~0ull, value \
	}
#define BITS(field, bits) \
	{ \
		field, 0, bits \
	}
#define CLEAR(field, bits) \
	{ \
		field, bits, 0 \
	}
#define REPLACE(field, clear, set) \
	{ \
		field, clear, set \
	}
#define BIT(number) (1ull << (number))
