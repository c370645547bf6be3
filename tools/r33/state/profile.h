/* A capability file as the kernel takes it: the boot module "profile" (kernel/rules/profile_file.h). */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "caps.h"

/* False: it could not be written, or the file does not tell enough to be a processor with VMX. */
bool profile_write(FILE *out, const struct caps *caps);
