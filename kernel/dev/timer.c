/* The PIT's channel 0 on the PIC's line 0. */
#include "dev/timer.h"

#include <stdbool.h>
#include <stddef.h>

#include <r33/control_registers.h>

#include "cpu/trap.h"
#include "cpu/x86.h"

#define PIC1_COMMAND      0x20
#define PIC1_DATA         0x21
#define PIC2_COMMAND      0xa0
#define PIC2_DATA         0xa1
#define PIC_INITIALISE    0x11 /* ICW1: cascade, ICW4 follows */
#define PIC_8086          0x01 /* ICW4 */
#define PIC_END           0x20 /* end of interrupt */
#define PIC_ALL_MASKED    0xff
#define PIC_TIMER_ONLY    0xfe
#define PIT_CHANNEL0      0x40
#define PIT_COMMAND       0x43
#define PIT_RATE_CHANNEL0 0x34 /* low byte, then high byte; mode 2 */
#define PIT_HZ            1193182

#define PIT_LATCH_CHANNEL0 0x00
#define MAX_POLLS          1000000 /* 100 times a tick, where a port is read in 1 µs */

static uint64_t ticks;
static uint64_t tsc_per_tick;

static uint16_t
read_counter(void)
{
	uint8_t low;

	outb(PIT_COMMAND, PIT_LATCH_CHANNEL0);
	low = inb(PIT_CHANNEL0);
	return (uint16_t)(inb(PIT_CHANNEL0) << 8 | low);
}

/* Wait until the counter starts again, which is when a tick comes.  False: it never does. */
static bool
wait_for_tick(void)
{
	uint16_t before = read_counter();

	for (uint32_t polls = 0; polls < MAX_POLLS; polls++) {
		uint16_t now = read_counter();

		if (now > before)
			return true;
		before = now;
	}
	return false;
}

static const char *
calibrate(void)
{
	uint64_t start;

	if (!wait_for_tick())
		return "the timer (PIT, channel 0) does not count: look for \"8254 clock gating\" "
		       "in the firmware setup and switch it off";
	start = read_time_stamp_counter();
	timer_unmask();
	if (!wait_for_tick())
		return "the timer (PIT, channel 0) has stopped";
	tsc_per_tick = read_time_stamp_counter() - start;
	take_pending_interrupt();
	timer_mask();
	return ticks ? NULL : "the timer's interrupts do not arrive (PIC, line 0)";
}

static void
count_and_acknowledge(void)
{
	ticks++;
	outb(PIC1_COMMAND, PIC_END);
}

const char *
timer_init(void)
{
	uint16_t divisor = PIT_HZ / TIMER_HZ;

	trap_on_timer(count_and_acknowledge);
	outb(PIC1_COMMAND, PIC_INITIALISE);
	outb(PIC2_COMMAND, PIC_INITIALISE);
	outb(PIC1_DATA, TRAP_TIMER);     /* ICW2: vectors from 32 */
	outb(PIC2_DATA, TRAP_TIMER + 8); /* and from 40, all masked */
	outb(PIC1_DATA, 1 << 2);         /* ICW3: the second PIC is on line 2 */
	outb(PIC2_DATA, 2);
	outb(PIC1_DATA, PIC_8086);
	outb(PIC2_DATA, PIC_8086);
	outb(PIC2_DATA, PIC_ALL_MASKED);
	timer_mask();
	outb(PIT_COMMAND, PIT_RATE_CHANNEL0);
	outb(PIT_CHANNEL0, divisor & 0xff);
	outb(PIT_CHANNEL0, divisor >> 8);
	write_cr4(read_cr4() | CR4_TSD); /* a lab has no clock */
	return calibrate();
}

uint64_t
timer_tsc_per_tick(void)
{
	return tsc_per_tick;
}

void
timer_unmask(void)
{
	outb(PIC1_DATA, PIC_TIMER_ONLY);
}

void
timer_mask(void)
{
	outb(PIC1_DATA, PIC_ALL_MASKED);
}

uint64_t
timer_ticks(void)
{
	return ticks;
}
