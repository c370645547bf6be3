/* What the cases with a timer of the guest's own have in common. */
#pragma once

#include <r33/guest.h>

#include "dev/timer.h"
#include "grade/case.h"
#include "rules/names.h"

/* VM-exit control: a VM exit for another reason (the kernel's own timer) keeps what is left. */

#define TIMER_OF_GUEST \
	.own_timer = true, \
	.controls = { .on = { [PIN_CONTROLS] = PIN_PREEMPTION_TIMER, \
		              [EXIT_CONTROLS] = VM_EXIT_SAVE_PREEMPTION_TIMER } }

/* For test_case.adjust.  In the machine's own time, so that it is long in instructions on every
 * machine, and short enough for the kernel's timer not to come in between; odd, so that no rate divides it. */
static inline void
quarter_of_a_tick(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	guest->timer_tsc_ticks = timer_tsc_per_tick() / 4 | 1;
}
