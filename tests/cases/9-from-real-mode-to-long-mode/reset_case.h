/* What the cases of lab 9 have in common: a guest at the reset vector, and how far it goes. */
#pragma once

#include <r33/control_registers.h>
#include <r33/guest.h>

#include "../../guests/reset.h"
#include "grade/case.h"

/* test_case.details */
struct journey {
	unsigned stage; /* STAGE_...: where it ends */
	uint32_t tries; /* TRY_... */
	bool begins_in_long_mode;
};

/* CR0 after a reset: CD, NW, ET. */
#define CR0_AFTER_RESET (CR0_CD | CR0_NW | CR0_ET)

/* The registers that guest_place() takes from elsewhere. */
void reset_adjust(struct guest *guest, const struct capabilities *capabilities);

#define JOURNEY(...) \
	&(const struct journey) \
	{ \
		__VA_ARGS__ \
	}

/* The members that all cases which start at the reset vector share. */
#define AT_RESET_VECTOR \
	.lab = 9, .image = "reset16", .own_exceptions = ~0u, .interrupts_off = true, \
	.adjust = reset_adjust, .twin = "begin-in-long-mode", \
	.guest = { .mode = GUEST_REAL, \
		.cr0 = CR0_AFTER_RESET, \
		.segments[SEGMENT_CS] = { .selector = RESET_CS_SELECTOR } }
