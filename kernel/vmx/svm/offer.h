/*
 * The processor that is offered to labs, where AMD-V is what there is: that of the profile, without what
 * neither this processor nor the back end can do.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* NULL, or one sentence when there is no profile. */
const char *svm_offer_init(void);

bool svm_offer_msr(uint32_t msr, uint64_t *value);
void svm_offer_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
