/* The guest's segment registers and the descriptors in its tables. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/guest.h>

/* A descriptor (SDM 3A 3.4.5): limit as it is there, in bytes or in pages; rights in the
 * layout of the VMCS's access-rights fields. */
#define DESCRIPTOR(base, limit, rights) \
	(((uint64_t)(limit) & 0xffff) | ((uint64_t)(base) & 0xffffff) << 16 | \
	        ((uint64_t)(rights) & 0xff) << 40 | ((uint64_t)(limit) >> 16 & 0xf) << 48 | \
	        ((uint64_t)(rights) >> 12 & 0xf) << 52 | ((uint64_t)(base) >> 24 & 0xff) << 56)

/* In a case's wish: no descriptor, where 0 would mean the mode's usual one. */
#define DESCRIPTOR_NULL (~0ull)

/* Fill in what the case leaves open (selector and descriptor both 0) with what is usual in the
 * guest's mode, and the bases of FS and GS. */
void guest_complete_segments(struct guest *guest);

/* Write the descriptors to where their selectors point. */
void guest_write_descriptors(const struct guest *guest, uint64_t *gdt, uint64_t *ldt);

/* Of a complete description. */
bool guest_runs_at_cpl3(const struct guest *guest);
uint64_t guest_cs_base(const struct guest *guest);

uint32_t descriptor_base(uint64_t descriptor);
