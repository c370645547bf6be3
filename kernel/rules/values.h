/* Values that no register takes, whatever the VMCS: for the rules, and for what performs VMX by them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Bits from..63. */
static inline uint64_t
bits_from(unsigned from)
{
	return from < 64 ? ~0ull << from : 0;
}

/* Of an address that is not canonical the bits at fault; 0 if it is: bits 63:(width - 1) must all be
 * alike.  Width: bits of linear addresses. */
static inline uint64_t
not_canonical_by(unsigned width, uint64_t address)
{
	uint64_t upper = bits_from(width - 1u);
	bool negative = width && width <= 64 && address >> (width - 1) & 1;

	return width == 0 || width > 64 ? 0 : negative ? upper & ~address : upper & address;
}

/* The low byte is a memory type of the set: bit n stands for type n. */
static inline bool
is_memory_type(uint64_t byte, unsigned types)
{
	return byte < 8 && types >> byte & 1;
}

/* Of eight bytes, those that are not memory types of the set. */
static inline uint64_t
wrong_memory_types(uint64_t value, unsigned types)
{
	uint64_t wrong = 0;

	for (unsigned i = 0; i < 64; i += 8)
		if (!is_memory_type(value >> i & 0xff, types))
			wrong |= 0xffull << i;
	return wrong;
}

#define PAT_TYPES 0xf3u /* memory types 0, 1, 4, 5, 6 and 7 */
