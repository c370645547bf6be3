/*
 * Lab 8's exercises.  A case fills in a struct exercise: the rule, the changes that make its state of
 * a valid one, and the smallest answer.
 */
#pragma once

#include <r33/control_registers.h>
#include <r33/exercises.h>
#include <r33/msr.h>
#include <r33/rflags.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "../../rules/change.h"
#include "grade/case.h"
#include "rules/names.h"

/* Cases name what they have; the rest of them is empty. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { MOST_CHANGES = 6, MOST_KEPT = 3 };

/* Bits of a field. */
struct field_part {
	uint32_t field; /* 0 ends a list */
	uint64_t bits;
};

struct exercise {
	enum rule_name rule; /* that the given state breaks, or that the part is to break */
	bool breaks;         /* the part is to break it */
	/* What makes the given state of the valid one that the reference has filled in.  To break: none. */
	struct change given[MOST_CHANGES + 1];
	/* An answer that changes as few fields as possible, one change for each. */
	struct change answer[MOST_CHANGES + 1];
	/* To diagnose.  Where the rule could also be satisfied by making another guest of it: what must
	 * be as after this answer, besides the answer's own fields and the guest's mode. */
	struct field_part keeps[MOST_KEPT + 1];
	/* To diagnose: bits of the answer's fields that make no other guest, whatever they are. */
	uint64_t free;
};

/* test_case.details */
#define EXERCISE(...) \
	&(const struct exercise) \
	{ \
		__VA_ARGS__ \
	}

/* The guests. */
#define PLAIN_64_BIT .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE
#define PLAIN_PAE    .mode = GUEST_32BIT_PAE, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE
#define PLAIN_32_BIT .mode = GUEST_32BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PSE

/* Privilege levels are compared only for a guest that is not unrestricted. */
#define NOT_UNRESTRICTED .controls.off[SECONDARY_CONTROLS] = SECONDARY_UNRESTRICTED_GUEST

/* The number of changes in a list. */
static inline size_t
change_count(const struct change *changes)
{
	size_t count = 0;

	while (changes[count].target)
		count++;
	return count;
}

static inline uint64_t
changed(const struct change *change, uint64_t value)
{
	return (value & ~change->clear) | change->set;
}
