/*
 * The kernel looks on while a lab runs a guest: what the guest did at each exit, and whether the
 * lab's handler touched what is not its business.  The guest's state comes from the processor; so a
 * lab cannot make up a journey that did not take place.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "expected.h"
#include "grade/result.h"

struct watch {
	const struct guest *guest;
	bool at_reset_vector;
	bool compares_limits; /* for the engine does not look at them */
	unsigned entries;
	unsigned exits;
	bool entry_failed; /* the last one, with exit reason 33 or 34, or a VMfail */
	bool stopped;      /* problem is set: the lab was ended */
	bool done;         /* the guest's last exit: HYPERCALL_DONE */
	struct guest_outcome last;
	size_t rule_count;
	struct rule_violation rules[MAX_RULE_VIOLATIONS];
	size_t station_count; /* all; the first MAX_STATIONS are kept */
	unsigned stations[MAX_STATIONS];
	enum case_outcome outcome; /* with problem */
	char problem[SENTENCE_MAX];
};

/* Look on from now on, until watch_end(). */
void watch_begin(struct watch *watch, const struct guest *guest, bool at_reset_vector);
void watch_end(void);
