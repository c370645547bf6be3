/*
 * The clock by which lab code and guests are limited: the PIT through the PIC, TIMER_HZ
 * interrupts per second of the machine's time.  In Bochs that time is counted in instructions, so
 * the same code always runs into its limit at the same place.
 *
 * The kernel itself runs with interrupts off; ticks come at CPL 3 and as VM exits.
 */
#pragma once

#include <stdint.h>

#define TIMER_HZ 100

/* Program PIC and PIT; all other interrupt lines stay masked.  RDTSC is the kernel's from here on: what time it is
 * depends on what ran before, and a lab's answer must not.  NULL, or one sentence when the
 * PIT does not count or its interrupts do not arrive. */
const char *timer_init(void);

/* Time-stamp counter ticks between two of the timer's, measured by timer_init(). */
uint64_t timer_tsc_per_tick(void);

/* Let the timer's interrupts through, or not. */
void timer_unmask(void);
void timer_mask(void);

/* Interrupts since timer_init(). */
uint64_t timer_ticks(void);
