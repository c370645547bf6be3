/* The processors that the tests of the rules judge for. */
#pragma once

#include "rules/capabilities.h"

enum model {
	PENRYN,
	LYNNFIELD,
	ARRANDALE,
	HASWELL,
	SKYLAKE_X,
	ICELAKE_U,
	TIGERLAKE, /* so far Bochs' */
	ANY,       /* any_processor */
	NEWEST,    /* what no emulator has: FRED, SGX, RTM, LAM, 57-bit linear addresses, ... */
	NARROW, /* bit 48 of IA32_VMX_BASIC: VMX's addresses have 32 bits; x2APIC mode; few states */
	MODELS
};

extern struct capabilities models[MODELS];
extern const char *const model_names[MODELS];

/* Fill in models[]; more than once does no harm. */
void models_derive(void);
