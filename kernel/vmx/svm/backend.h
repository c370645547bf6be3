/* The back end that performs VMX on top of AMD-V. */
#pragma once

#include <stdbool.h>

#include "vmx/backend.h"

/* Has this processor AMD-V (CPUID.80000001H:ECX bit 2)? */
bool svm_is_there(void);

extern const struct vmx_backend svm_backend;
