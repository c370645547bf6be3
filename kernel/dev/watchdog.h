/*
 * The watchdog: the timer's ticks as non-maskable interrupts, while a guest runs.
 *
 * A guest may run with RFLAGS.IF = 0.  With external-interrupt exiting a processor lets the
 * timer's interrupt end it all the same; Bochs 2.7 does not.  An NMI reaches it everywhere:
 * the I/O APIC, to whose pin 2 the timer is wired, can deliver it as one.
 */
#pragma once

/* The linear address at which paging.c maps the I/O APIC (physical FEC00000h), uncached. */
#define IO_APIC_PHYSICAL 0xfec00000ull
#define IO_APIC_LINEAR   0x3fe00000ull

void watchdog_on(void);
void watchdog_off(void);
