/* Batches of guest states (kernel/rules/batch.h): written by r33, entered by the kernel. */
#pragma once

#include <stddef.h>

#include "rules/batch.h"
#include "run/options.h"
#include "state/vmcs.h"

/* Grows as states are added; begin with a zeroed one. */
struct batch {
	const struct vmcs *bases; /* base_count of them; the caller's */
	unsigned base_count;
	unsigned state_count;
	uint32_t flags;
	char *bytes; /* of the states */
	size_t size, capacity;
};

/* What the kernel said of a state. */
struct batch_answer {
	unsigned number; /* of the state, from 0 */
	enum batch_end end;
	unsigned code; /* exit reason of a failed entry, or VM-instruction error */
	unsigned qualification;
	unsigned exit_reason; /* how an entered guest left */
};

/* The run of a batch. */
struct batch_run {
	bool complete;    /* the kernel came to the end of the batch */
	unsigned reached; /* states it had begun when it was last heard of */
	unsigned deviations;
	struct batch_answer *answers;
	size_t answer_count;
	char *capabilities; /* the capability file's lines */
	char *problem;      /* why it is not complete; NULL */
	bool interrupted;   /* by the user */
	bool unsuitable;    /* the processor has no VMX, or none for us */
};

/* Add a state that differs from base number `base` in a few places. */
void batch_add(struct batch *batch, unsigned base, const struct vmcs *state, uint32_t expected,
        uint32_t mask);
void batch_free(struct batch *batch);

/* Boot the options' engine and model with the batch.  The run is to be freed in either case.
 * False after a complaint: it could not even be started. */
bool batch_enter(struct batch *batch, const struct run_options *options, struct batch_run *run);
void batch_run_free(struct batch_run *run);
