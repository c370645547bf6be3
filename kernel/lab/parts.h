/*
 * Parts: the guest-state area divided among the labs.  A part may write its own fields and
 * nothing else; every field belongs to one part.  What the reference has written for the others is
 * the answer to their labs: a part reads no more of it than it needs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct part {
	unsigned number;  /* of its lab */
	const char *name; /* "control registers" */
	const uint32_t *fields;
	size_t field_count;
	/* Fields of other parts that this one may read, besides control fields and VM-exit information. */
	const uint32_t *readable;
	size_t readable_count;
	/* May enter the guest, with a HOST_RIP, a HOST_RSP and debug registers of its own. */
	bool may_enter;
	/* Labs 8 and 9: writes the fields of all parts besides its own; the judge says who fills them. */
	bool whole_guest;
	bool may_manage; /* the front end's own test (lab 0): VMCLEAR and VMPTRLD, too */
};

/* Parts in the order in which they are called to fill a VMCS. */
#define PART_COUNT 6
extern const struct part parts[PART_COUNT];
extern const struct part part_front_end_test, part_register_context, part_reason_33,
        part_whole_guest;

/* The part of a lab, or NULL when no part belongs to it. */
const struct part *part_of_lab(unsigned lab);

/* May the part write this field?  Knows that 64-bit fields have a second encoding for the high half. */
bool part_owns(const struct part *part, uint32_t field);

/* May the part read it?  Fields that exist nowhere, too: the processor refuses these itself. */
bool part_reads(const struct part *part, uint32_t field);
