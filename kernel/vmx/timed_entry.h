/* VM entry with a limit. */
#pragma once

#include <stdint.h>

#include "vmx/backend.h"

/*
 * As vmx->enter(), but VM exits that only the timer caused are taken care of here and the guest
 * is resumed, until timer_ticks() reaches deadline_ticks.  *timed_out says that it did; the exit
 * information is then that of the timer's exit.  Leaves the timer masked.
 *
 * The timer's interrupt makes a guest exit whatever its RFLAGS.IF says (external-interrupt
 * exiting, SDM 3C 25.2); but Bochs holds it back from a guest that starts with IF = 0.  So
 * guests start with IF = 1 (guest_place()) unless a case asks for something else, and such a case
 * needs a processor with the preemption timer if its guest may loop.
 */
enum vmx_result vmx_enter_until(
        struct guest_registers *registers, bool resume, uint64_t deadline_ticks, bool *timed_out);
