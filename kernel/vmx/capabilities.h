/* Read the capability MSRs of the processor we run on (SDM 3D appendix A). */
#pragma once

#include "rules/capabilities.h"

/* The processor must have VMX (CPUID.1:ECX bit 5). */
void capabilities_read(struct capabilities *capabilities);

/* A leaf's EAX, EBX, ECX and EDX, 0 where the processor has no such leaf.  context: not used. */
void capabilities_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
