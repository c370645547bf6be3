/* What WRMSR thinks of a value: for msr_load.c, from the table in msr_values.c. */
#pragma once

#include "rules/state.h"

/* The bits of the value that make WRMSR raise #GP in the guest that is being entered; 0 if it accepts
 * the value.  MSRs that are not in the table are not known: state->outside_unknown.  Looks at
 * GUEST_CR0 and at the VM-entry controls. */
uint64_t msr_value_refused(struct rule_state *state, uint32_t msr, uint64_t value);

/* Does this Bochs accept every value of this MSR? */
bool msr_unknown_to_bochs(enum bochs_version version, uint32_t msr);

/* Must its value be a canonical address, on every processor? */
bool msr_holds_address(uint32_t msr);

/* Entry number index of the MSR-load area is one for an MSR that holds an address: its value (for
 * bochs.c). */
bool msr_load_address(struct rule_state *state, unsigned index, uint64_t *address);
