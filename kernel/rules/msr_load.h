/* What WRMSR thinks of a value: for msr_load.c, from the table in msr_values.c. */
#pragma once

#include "rules/state.h"

/* The bits of the value that make WRMSR raise #GP in the guest that is being entered; 0 if it accepts
 * the value.  Of MSRs that are not in the table nobody knows: state->outside_unknown.  Looks at
 * GUEST_CR0 and at the VM-entry controls. */
uint64_t msr_value_refused(struct rule_state *state, uint32_t msr, uint64_t value);

/* Does Bochs 2.7 accept every value of this MSR? */
bool msr_unknown_to_bochs(uint32_t msr);
