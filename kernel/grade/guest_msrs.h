/* MSRs of guests that look at their own: those of lab 4. */
#pragma once

#include <stdint.h>

#include <r33/guest.h>

#include "vmx/controls.h"

/* A case whose guest reads its MSRs, and may execute SYSCALL. */
#define GUEST_READS_MSRS \
	.controls.on[PRIMARY_CONTROLS] = PRIMARY_MSR_BITMAPS, .write_controls = guest_msrs_open

/* test_case.write_controls: the MSR bitmap lets the guest read the MSRs of lab 4; other reads and
 * all writes still exit.  SYSCALL leads to SYSCALL_LANDING (tests/guests/tables.h): VM entry does not
 * load the three MSRs that say so, and the kernel has no use for them. */
void guest_msrs_open(const struct guest *guest);

/* The VM-entry controls of the current VMCS. */
uint32_t guest_msrs_entry_controls(void);

/* What the processor holds now: a guest finds it in each MSR that VM entry does not load. */
uint64_t guest_msrs_host_value(uint32_t msr);
