/*
 * The guest of a kernel that performs VMX on AMD-V, as the machine's memory shows it: QEMU's server knows neither
 * guests nor nested paging.
 */
#pragma once

#include "debuggee.h"

/* What the kernel shows, read again.  False: the memory cannot be read. */
bool qemu_read_shown(struct debuggee *debuggee);

/* Does the guest run, by what was read? */
bool qemu_is_in_guest(const struct debuggee *debuggee);

/* The host-physical address of a linear one of the guest (in_guest) or the host. */
bool qemu_translate(struct debuggee *debuggee, bool in_guest, uint64_t linear, uint64_t *physical);
