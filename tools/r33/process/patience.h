/*
 * How long to wait on a machine that is slow or busy.
 *
 * Points must not depend on either.  What limits a submission is counted in the processor time it has
 * used, on this processor as slow as it is; what is counted on the wall only ever ends without a
 * verdict.
 */
#pragma once

#include <stdint.h>

/* How many times slower than a usual processor this one computes, at least 1. */
unsigned processor_slowness(void);

/* How many times longer everything takes because others want the processors, too, at least 1. */
unsigned load_slowness(void);
