/*
 * Register contexts with known values: filled, compared piece by piece, searched for what must not
 * be in them.  Pure: no processor, no lab, no guest.
 *
 * Each 32 bits of a value begin with a byte that says whose it is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <r33/vmenter.h>

#define OWNER_CALLER 0xca /* what vmenter()'s caller has in its registers */
#define OWNER_BEFORE 0xbe /* what the guest must find */
#define OWNER_AFTER  0xaf /* what the guest leaves */

/* Groups of registers, bits of a set. */
#define GROUP_GENERAL 1u
#define GROUP_CR2     2u
#define GROUP_DEBUG   4u
#define GROUP_X87     8u
#define GROUP_SSE     16u
#define GROUP_AVX     32u
#define GROUP_CONTROL 64u /* also: x87 control word and MXCSR, callee-saved */
#define ALL_GROUPS    63u

/* A register, or 8 bytes of a longer one. */
struct context_piece {
	const char *name;
	uint16_t offset; /* in struct register_context */
	uint8_t bytes;   /* at most 8 */
	uint8_t groups;
	bool marked; /* its value begins with its owner's byte */
	uint64_t mask;
};

extern const struct context_piece context_pieces[];
extern const size_t context_piece_count;

/* Fill *context: the same values for the same owner and seed, others for others.  features: the
 * components of the extended area (XSTATE_...). */
void context_fill(
        struct register_context *context, uint8_t owner, uint32_t seed, uint64_t features);

uint64_t context_value(const struct register_context *context, const struct context_piece *piece);

/* Does a value hold 32 bits of this owner? */
bool value_is_of(uint64_t value, uint8_t owner);

/* Is what a piece of *context holds the owner's?  filled: as context_fill() has filled it for the owner. */
bool piece_is_of(const struct register_context *context, const struct context_piece *piece,
        uint8_t owner, const struct register_context *filled);
