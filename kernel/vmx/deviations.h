/*
 * Where VM entry and VM exit deviate from the architecture on this engine.  The kernel cannot find out: r33
 * says at boot which Bochs it is.  A machine of which nothing was said is a processor, and deviates nowhere.
 */
#pragma once

#include <stdbool.h>

#include "rules/rules.h"

struct deviations {
	/* The measured versions of Bochs of which one checks the guest state: from first up to, but not, end.
	 * None: a processor does. */
	enum bochs_version first, end;
	/* VM exits save blocking by SMI, and VM entry refuses it, although there is no SMM. */
	bool saves_blocking_by_smi;
	/* Guests are not held to the limit, the type and the presence of a segment. */
	bool ignores_segments;
};
extern struct deviations deviations;

/* "3.0"; a version that has not been measured may be any of them; "": not Bochs. */
void deviations_of_bochs(const char *version);
