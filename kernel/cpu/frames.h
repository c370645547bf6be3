/* Physical memory below 1 GiB, handed out page by page and never taken back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <r33/paging.h>

#include "lib/boot_information.h"

/* The most memory the kernel looks at: what its identity map covers. */
#define MEMORY_LIMIT (1ull << 30)

/* Learn what is RAM and what is taken (kernel image, boot information, modules, the guest's
 * window).  Returns NULL, or one sentence when the machine has too little memory. */
const char *frames_init(
        const struct boot_information *boot, const void *information, size_t information_bytes);

/* Keep [start, start+size) out of later allocations. */
void frames_reserve(uint64_t start, uint64_t size_bytes);

/* True when a reserved range overlaps [start, start+size). */
bool frames_are_reserved(uint64_t start, uint64_t size_bytes);

/* True when any byte of [start, start+size) is RAM, also above 1 GiB. */
bool frames_touch_ram(uint64_t start, uint64_t size_bytes);

/* True when all of [start, start+size) is RAM below 1 GiB. */
bool frames_is_ram(uint64_t start, uint64_t size_bytes);

/* One zeroed page; its address is physical and, in the kernel, linear.  Panics when there is none. */
void *frame_allocate(void);

/* The same for so many pages in a row. */
void *frames_allocate(unsigned count);
