/*
 * The local APIC, for its timer and for interrupts to oneself (SDM 3A, chapter "Advanced Programmable Interrupt
 * Controller (APIC)"; in xAPIC mode).  Interrupts of devices come through the PIC as before.
 */
#pragma once

#include <stdint.h>

/* Switch it on and find out how fast its timer is.  NULL, or one sentence when there is none, or it does
 * not count. */
const char *apic_init(void);

/* Interrupt within so many ticks of the time-stamp counter, 0: at once.  It may come earlier: who waits for a
 * time looks at the counter, and starts again. */
void apic_timer_start(uint64_t tsc_ticks);

/* An interrupt that is pending when this returns. */
void apic_interrupt_self(void);
