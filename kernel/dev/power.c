/* Off: three doors, tried in turn. */
#include "dev/power.h"

#include <stdbool.h>

#include "cpu/x86.h"
#include "dev/serial.h"

#define BOCHS_SHUTDOWN_PORT 0x8900 /* switches off when it has read "Shutdown" */
#define QEMU_EXIT_PORT      0xf4   /* -device isa-debug-exit,iobase=0xf4,iosize=4 */

static bool stays_on;

void
power_stay_on(void)
{
	stays_on = true;
}

void
power_off(enum end_status status)
{
	serial_drain();
	if (!stays_on) {
		for (const char *c = "Shutdown"; *c; c++)
			outb(BOCHS_SHUTDOWN_PORT, (uint8_t)*c);
		outl(QEMU_EXIT_PORT, status);
	}
	for (;;)
		halt();
}
