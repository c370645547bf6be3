/* Register contexts with known values. */
#include "grade/contexts.h"

#include <r33/array.h>

#include "cpu/x86.h"
#include "grade/extended_registers.h"
#include "lib/string.h"

#define EXTENDED(member) (CONTEXT_EXTENDED + offsetof(struct extended_registers, member))
#define ALL_64           0xffffffffffffffffull
#define FCW_MASKED       0x037full /* all x87 exceptions masked */
#define MXCSR_MASKED     0x1f80u
#define MXCSR_FLUSH      (1u << 15)
#define MXCSR_STATUS     0x3f
#define FSW_NOT_EXCEPTION \
	0x7f00ull /* condition codes and TOP; not the exceptions and not B, which follows them */

#define WORD(name_, offset_, groups_) \
	{ .name = name_, \
		.offset = offset_, \
		.bytes = 8, \
		.groups = groups_, \
		.marked = true, \
		.mask = ALL_64 }
#define SMALL(name_, offset_, bytes_, groups_, mask_) \
	{ .name = name_, .offset = offset_, .bytes = bytes_, .groups = groups_, .mask = mask_ }
#define GENERAL(name) WORD(#name, CONTEXT_##name, GROUP_GENERAL)
#define DEBUG(n)      WORD("DR" #n, CONTEXT_DR0 + 8 * (n), GROUP_DEBUG)
#define ST(n) \
	WORD("ST" #n " bits 63:0", EXTENDED(st) + 16 * (n), GROUP_X87), \
	        SMALL("ST" #n " bits 79:64", EXTENDED(st) + 16 * (n) + 8, 2, GROUP_X87, 0xffff)
#define XMM(n) \
	WORD("XMM" #n " bits 63:0", EXTENDED(xmm) + 16 * (n), GROUP_SSE), \
	        WORD("XMM" #n " bits 127:64", EXTENDED(xmm) + 16 * (n) + 8, GROUP_SSE)
#define YMM(n) \
	WORD("YMM" #n " bits 191:128", EXTENDED(ymm_high) + 16 * (n), GROUP_AVX), \
	        WORD("YMM" #n " bits 255:192", EXTENDED(ymm_high) + 16 * (n) + 8, GROUP_AVX)
#define EIGHT(X)   X(0), X(1), X(2), X(3), X(4), X(5), X(6), X(7)
#define SIXTEEN(X) EIGHT(X), X(8), X(9), X(10), X(11), X(12), X(13), X(14), X(15)

/* clang-format off */
const struct context_piece context_pieces[] = {
	GENERAL(RAX), GENERAL(RCX), GENERAL(RDX), GENERAL(RBX), GENERAL(RBP), GENERAL(RSI),
	GENERAL(RDI), GENERAL(R8), GENERAL(R9), GENERAL(R10), GENERAL(R11), GENERAL(R12),
	GENERAL(R13), GENERAL(R14), GENERAL(R15),
	WORD("CR2", CONTEXT_CR2, GROUP_CR2),
	DEBUG(0), DEBUG(1), DEBUG(2), DEBUG(3),
	SMALL("DR6", CONTEXT_DR6, 8, GROUP_DEBUG, DR6_WRITABLE),
	SMALL("the x87 control word", EXTENDED(fcw), 2, GROUP_X87 | GROUP_CONTROL, 0xffff),
	SMALL("the x87 status word", EXTENDED(fsw), 2, GROUP_X87, FSW_NOT_EXCEPTION),
	SMALL("the x87 tag word", EXTENDED(ftw), 1, GROUP_X87, 0xff),
	EIGHT(ST),
	SMALL("MXCSR", EXTENDED(mxcsr), 4, GROUP_SSE | GROUP_CONTROL, 0xffff & ~MXCSR_STATUS),
	SIXTEEN(XMM),
	SIXTEEN(YMM),
};
/* clang-format on */
const size_t context_piece_count = COUNT(context_pieces);

/* Marsaglia's xorshift: all that is asked of it is to look like no address and no counter. */
static uint32_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 20);
}

/* The small registers: every bit pattern that raises no exception, and another one for each owner. */
static void
fill_small(struct register_context *context, uint8_t owner, uint64_t random)
{
	struct extended_registers *extended = (struct extended_registers *)context->extended;
	/* 1 caller, 2 before, 3 after: rounding to nearest, 0, is what everybody has. */
	unsigned rounding = owner == OWNER_CALLER ? 1 : owner == OWNER_BEFORE ? 2 : 3;

	context->dr6 = DR6_FIXED | (owner == OWNER_CALLER ? 0 : rounding << 13) |
	               (random & 3) << 2 | (rounding & 3);
	extended->fcw = (uint16_t)(FCW_MASKED & ~(random & 0x100)) | (uint16_t)(rounding << 10);
	extended->mxcsr = MXCSR_MASKED | rounding << 13 | (random & 0x200 ? MXCSR_FLUSH : 0);
	extended->fsw = 0;
	extended->ftw = 0;
	if (owner == OWNER_CALLER)
		return; /* functions are called with an empty x87 stack */
	extended->fsw = (uint16_t)(rounding << 8 | (random & 7) << 11);
	extended->ftw = (uint8_t)(0x21 * rounding | (random & 0x18));
}

void
context_fill(struct register_context *context, uint8_t owner, uint32_t seed, uint64_t features)
{
	uint64_t state = (uint64_t)owner << 32 | (seed + 0x9e3779b9u);
	struct extended_registers *extended = (struct extended_registers *)context->extended;

	for (unsigned i = 0; i < 8; i++)
		next(&state);
	memset(context, 0, sizeof(*context));
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];
		uint32_t words[2] = { next(&state), next(&state) };

		words[0] = (uint32_t)owner << 24 | words[0] >> 8;
		words[1] = (uint32_t)owner << 24 | words[1] >> 8;
		if (!(piece->groups & GROUP_AVX) || (features & XSTATE_AVX))
			memcpy((uint8_t *)context + piece->offset, words, piece->bytes);
	}
	fill_small(context, owner, state);
	extended->xstate_bv = features;
}

uint64_t
context_value(const struct register_context *context, const struct context_piece *piece)
{
	uint64_t value = 0;

	memcpy(&value, (const uint8_t *)context + piece->offset, piece->bytes);
	return value & piece->mask;
}

bool
value_is_of(uint64_t value, uint8_t owner)
{
	return value >> 56 == owner || (value >> 24 & 0xff) == owner;
}

bool
piece_is_of(const struct register_context *context, const struct context_piece *piece,
        uint8_t owner, const struct register_context *filled)
{
	uint64_t value = context_value(context, piece);

	return piece->marked ? value_is_of(value, owner) : value == context_value(filled, piece);
}
