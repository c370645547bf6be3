/* The guest's private memory: extended page tables (SDM 3C 29.3). */
#pragma once

#include <stdint.h>

/*
 * Build the tables that map guest-physical [window, window + 2 MiB) to the same host-physical
 * addresses, and guest-physical [0, 1 MiB) to the first MiB of that window once more, for guests in
 * real mode; the last 64 KiB of that first MiB once more below 4 GiB, where a processor begins after
 * a reset.  Everything else is absent: an access to it is a VM exit.  window is 2 MiB aligned
 * and below 1 GiB.  Returns the EPT pointer.
 */
uint64_t ept_build(uint64_t window);
