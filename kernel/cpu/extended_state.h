/*
 * x87, SSE and AVX: the registers that the kernel is compiled not to use, and that lab code and
 * guests do.  What is in them flows through traps and VM entries untouched.
 */
#pragma once

#include <stdint.h>

#define XSTATE_X87 (1u << 0)
#define XSTATE_SSE (1u << 1)
#define XSTATE_AVX (1u << 2)

/* The FXSAVE area, and behind it what XSAVE adds, in its standard form (SDM 1, "XSAVE Area"). */
struct extended_state {
	uint16_t fcw;
	uint16_t fsw;
	uint8_t ftw; /* a bit for each register that is not empty */
	uint8_t reserved;
	uint16_t fop;
	uint64_t fip;
	uint64_t fdp;
	uint32_t mxcsr;
	uint32_t mxcsr_mask;
	uint64_t st[8][2]; /* 80 bits each */
	uint64_t xmm[16][2];
	uint64_t unused[12];
	uint64_t xstate_bv; /* the components that are not as after a reset */
	uint64_t header[7];
	uint64_t ymm_high[16][2];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct extended_state) == 832, "XSAVE area with AVX");

/* Switch on what this processor has of the three. */
void extended_state_init(void);

/* What is switched on: XSTATE_X87 | XSTATE_SSE, and XSTATE_AVX. */
uint64_t extended_state_features(void);

/* All registers from or to memory.  xstate_bv counts where there is XSAVE. */
void extended_state_load(const struct extended_state *state);
void extended_state_store(struct extended_state *state);

/* All registers as after a reset: what one module or guest left there the next must not find. */
void extended_state_clear(void);
