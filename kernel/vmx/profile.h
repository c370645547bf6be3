/* The capability profile: the processor that labs are to see, from the boot module "profile"
 * (rules/profile_file.h).  For back ends that are not the processor itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/boot_information.h"

/* Find the module and read it; there need not be one.  NULL, or one sentence for the user. */
const char *profile_load(const struct boot_information *boot);

/* The same for bytes, which are copied.  After a mistake there is no profile. */
const char *profile_read(const uint8_t *bytes, size_t size);

bool profile_present(void);

/* False: the profile does not tell. */
bool profile_read_msr(uint32_t msr, uint64_t *value);
bool profile_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
