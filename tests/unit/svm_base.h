/* A base state of r33's (state/bases.h), field by field: its names are also those of kernel/vmx/svm/vmcs.h. */
#pragma once

#include <stdint.h>

#include "rules/capabilities.h"

void svm_base_store(const char *name, const struct capabilities *capabilities,
        void (*store)(uint32_t field, uint64_t value));
