/* Enter a batch of guest states (rules/batch.h), one after the other. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Reports the processor's capabilities and every state that did not end as expected, on the record
 * stream.  Returns NULL, or one sentence when the batch is malformed. */
const char *states_run(const uint8_t *batch, size_t size);
