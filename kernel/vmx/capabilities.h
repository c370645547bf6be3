/* Read the capability MSRs (SDM 3D appendix A) and CPUID, through a back end. */
#pragma once

#include "rules/capabilities.h"

struct vmx_backend;

/* By the back end's own word: CPUID without OSXSAVE, and all 0 for a leaf that it lacks. */
struct capability_source capabilities_source(const struct vmx_backend *backend);

/* The back end's CPUID.1:ECX has bit 5 (VMX). */
void capabilities_read(const struct vmx_backend *backend, struct capabilities *capabilities);
