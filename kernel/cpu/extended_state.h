/*
 * x87, SSE and AVX: the registers that the kernel is compiled not to use, and that lab code and
 * guests do.  What is in them flows through traps and VM entries untouched.
 */
#pragma once

#include <stdint.h>

#define XSTATE_X87 (1u << 0)
#define XSTATE_SSE (1u << 1)
#define XSTATE_AVX (1u << 2)

#define EXTENDED_STATE_BYTES 832 /* the XSAVE area of the three (SDM 1, "XSAVE Area") */

/* Switch on what this processor has of the three. */
void extended_state_init(void);

/* What is switched on: XSTATE_X87 | XSTATE_SSE, and perhaps XSTATE_AVX, which needs XSAVE. */
uint64_t extended_state_features(void);

/* Switch on what had been, should something else be on now. */
void extended_state_restore_features(uint64_t features);

/* Load all registers that are switched on from an XSAVE area in its standard form, 64-byte aligned. */
void extended_state_load(const void *area);

/* All registers as after a reset: what one module or guest left there the next must not find. */
void extended_state_clear(void);
