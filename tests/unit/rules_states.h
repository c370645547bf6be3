/* Random states to judge: those of r33's fuzzer, and changes of what the fuzzer leaves alone. */
#pragma once

#include "oracle/fuzz.h"
#include "rules_models.h"

struct state_source {
	struct fuzz fuzz;
	struct vmcs *bases;
	uint64_t random;
};

void states_prepare(struct state_source *source, const struct capabilities *processor);
void states_free(struct state_source *source);

/* The same for all of models[], which are filled in, too. */
void states_prepare_models(struct state_source sources[MODELS]);
void states_free_models(struct state_source sources[MODELS]);

/* State number `number` of the seed: the same every time. */
void states_make(struct state_source *source, uint64_t seed, uint64_t number, struct vmcs *state);

/* A random number below limit. */
unsigned states_below(struct state_source *source, unsigned limit);
