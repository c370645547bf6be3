/* Random guest states: valid ones with one to three mutations, the same for the same seed. */
#pragma once

#include "state/vmcs.h"

/* The bases of one model, and where the numbers come from. */
struct fuzz {
	const struct capabilities *capabilities;
	const struct vmcs *bases;
	unsigned *usable; /* the numbers of the bases that exist */
	unsigned usable_count;
};

void fuzz_prepare(
        struct fuzz *fuzz, const struct capabilities *capabilities, const struct vmcs *bases);
void fuzz_free(struct fuzz *fuzz);

/* State number `number` of the seed; returns its base. */
unsigned fuzz_state(const struct fuzz *fuzz, uint64_t seed, uint64_t number, struct vmcs *state);
