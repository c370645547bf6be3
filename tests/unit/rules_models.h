/* The processors that the tests of the rules judge for. */
#pragma once

#include "rules/rules.h"

enum model {
	PENRYN,
	LYNNFIELD,
	ARRANDALE,
	HASWELL,
	SKYLAKE_X,
	ICELAKE_U,
	TIGERLAKE,       /* so far those of Bochs 2.7 */
	SAPPHIRE_RAPIDS, /* 57-bit linear addresses */
	ARROW_LAKE,      /* so far Bochs': these two of 3.0 */
	ANY,             /* any_processor */
	NEWEST, /* what no emulator has: FRED, SGX, RTM, LAM, 57-bit linear addresses, ... */
	NARROW, /* bit 48 of IA32_VMX_BASIC: VMX's addresses have 32 bits; x2APIC mode; few states */
	MODELS
};

enum { BOCHS_MODELS = ARROW_LAKE + 1 };

/* The version of Bochs that has this model. */
enum bochs_version model_version(unsigned model);

extern struct capabilities models[MODELS];
extern const char *const model_names[MODELS];

/* Fill in models[]; more than once does no harm. */
void models_derive(void);
