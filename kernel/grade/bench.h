/* Measure: VM entry and exit round trips. */
#pragma once

#include <stdint.h>

/* Enter a guest that does nothing but exit, round_trips times; marks begin and end on the record
 * stream, where the host takes the time. */
void bench_round_trips(uint32_t round_trips);
