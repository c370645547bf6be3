/* See link_stubs.c. */
#pragma once

#include "grade/linked_vmcs.h"

#define STUB_REVISION     0x2b
#define STUB_REGIONS      0x2000000ull /* one for each kind, in their order */
#define STUB_TSC_PER_TICK 10000

/* What vmcs_read() reads. */
extern uint64_t stub_fields[0x8000];

/* The first 8 bytes of a region; false when there is none at this address. */
bool stub_region(uint64_t address, uint64_t *first);
