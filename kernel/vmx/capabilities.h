/* Read the capability MSRs of the processor we run on (SDM 3D appendix A). */
#pragma once

#include "rules/capabilities.h"

/* The processor must have VMX (CPUID.1:ECX bit 5). */
void capabilities_read(struct capabilities *capabilities);
