/* VM entry with a limit. */
#pragma once

#include <stdint.h>

#include "vmx/backend.h"

/*
 * As vmx->enter(), but VM exits that only the timer caused are taken care of here and the guest
 * is resumed, until timer_ticks() reaches deadline_ticks.  *timed_out says that it did; the exit
 * information is then that of the timer's exit.  Leaves the timer masked.
 */
enum vmx_result vmx_enter_until(
        struct guest_registers *registers, bool resume, uint64_t deadline_ticks, bool *timed_out);
