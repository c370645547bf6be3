/* The x87, SSE and AVX registers one by one, and all of them to memory. */
#pragma once

#include "cpu/extended_state.h"

/* The FXSAVE area, followed by what XSAVE adds, in its standard form (SDM 1, "XSAVE Area"). */
struct extended_registers {
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

_Static_assert(sizeof(struct extended_registers) == EXTENDED_STATE_BYTES, "XSAVE area");

static inline void
extended_registers_store(struct extended_registers *registers)
{
	if (extended_state_features() & XSTATE_AVX)
		__asm__ volatile("xsave64 %0"
		        : "+m"(*registers)
		        : "a"(XSTATE_X87 | XSTATE_SSE | XSTATE_AVX), "d"(0));
	else
		__asm__ volatile("fxsave64 %0" : "+m"(*registers));
}
