/* Segmentation as the judge of lab 3 understands it: from wishes to registers, and what a guest
 * with these registers can do. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <r33/guest.h>
#include <r33/segments.h>

#include "grade/probes.h"

#define DPL_OF(rights) ((rights) >> 5 & 3)

/* A register's four fields. */
struct segment {
	uint16_t selector;
	uint64_t base;
	uint32_t limit; /* in bytes */
	uint32_t rights;
};

struct segmentation {
	const struct guest *guest;
	struct segment segments[SEGMENT_COUNT];
	unsigned cpl;
};

/* Of the first six registers: has this mode no descriptors for them? */
bool mode_is_8086(enum guest_mode mode);

/* What the register must hold for the guest to find what it wants. */
struct segment wished_segment(const struct guest *guest, unsigned index);

uint32_t descriptor_limit_bytes(uint64_t descriptor);

/* What the probe must leave in the report, and which bits of it are defined. */
uint64_t probe_expectation(
        const struct segmentation *machine, const struct probe *probe, uint64_t *mask);

/* The probes for this guest, at most PROBES_MAX; returns how many. */
size_t choose_probes(const struct segmentation *machine, struct probe *probes);

/* Are there more, which this engine would not answer as a processor does? */
bool leaves_probes_out(const struct segmentation *machine);
