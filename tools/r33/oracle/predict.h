/* How an entry will end, by the rules. */
#pragma once

#include "rules/batch.h"
#include "state/vmcs.h"

/* BATCH_RESULT() of the state: on this version of Bochs with its known deviations, or, for BOCHS_NONE,
 * after the SDM.  mask: what of it is certain; any of several violations may be found first. */
uint32_t predict(const struct vmcs *state, const struct capabilities *capabilities,
        enum bochs_version version, uint32_t *mask);

/* May Bochs be given a state with this prediction?  Not if nothing would bring it back, nor if Bochs is
 * known to die of it. */
bool predict_may_enter(const struct vmcs *state, uint32_t predicted);
