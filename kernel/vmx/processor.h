/* The back end that is the processor's own VMX. */
#pragma once

#include "vmx/backend.h"

/* The processor must have VMX (CPUID.1:ECX bit 5): without it not even CR4.VMXE may be touched, for some
 * emulators break on that. */
extern const struct vmx_backend processor_backend;
