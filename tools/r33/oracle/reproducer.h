/* States on which the processor deviates from the rules: made small, printed, entered again. */
#pragma once

#include "batch.h"

/* Find the smallest set of the state's differences from its base that still deviates, and print
 * it as a dump.  False after a complaint. */
bool reproducer_print(const struct run_options *options, const struct capabilities *capabilities,
        enum bochs_version version, const struct vmcs *bases, unsigned base,
        const struct vmcs *state, const struct batch_answer *answer);

/* Print a state as a dump in our own format, with what was predicted and seen as comments. */
void reproducer_write(FILE *out, const struct run_options *options, enum bochs_version version,
        const struct vmcs *state, uint32_t predicted, const struct batch_answer *answer);
