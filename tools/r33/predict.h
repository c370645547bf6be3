/* How an entry will end, by the rules. */
#pragma once

#include "rules/batch.h"
#include "vmcs.h"

/* BATCH_RESULT() of the state: after the SDM, or on Bochs with its known deviations.  mask: what of
 * it is certain; any of several violations may be found first. */
uint32_t predict(const struct vmcs *state, const struct capabilities *capabilities, bool as_bochs,
        uint32_t *mask);

/* May Bochs be given a state with this prediction?  Not if nothing would bring it back, nor if Bochs is
 * known to die of it. */
bool predict_may_enter(const struct vmcs *state, uint32_t predicted);
