/* Two 16550 serial ports, polled. */
#include "dev/serial.h"

#include <stdbool.h>
#include <stdint.h>

#include "cpu/x86.h"

/* Registers, as offsets from the port's base. */
#define DATA                 0
#define DIVISOR_LOW          0
#define INTERRUPT_ENABLE     1
#define DIVISOR_HIGH         1
#define FIFO_CONTROL         2
#define LINE_CONTROL         3
#define MODEM_CONTROL        4
#define LINE_STATUS          5
#define SCRATCH              7
#define LINE_CONTROL_8N1     0x03
#define LINE_CONTROL_DIVISOR 0x80
#define FIFO_ENABLE_CLEAR    0x07
#define MODEM_DTR_RTS        0x03
#define STATUS_HOLDING_EMPTY 0x20
#define STATUS_ALL_SENT      0x60
#define SCRATCH_PATTERN      0x5a
#define FIFO_BYTES           16
#define MAX_POLLS            10000000 /* seconds; a FIFO is empty after 1.4 ms */

static const uint16_t bases[] = { [SERIAL_CONSOLE] = 0x3f8, [SERIAL_RECORDS] = 0x2f8 };
static bool present[2];
static bool given[2]; /* bytes, to send */
static bool sends[2]; /* what it was given has left it before */

void
serial_init(void)
{
	for (unsigned port = 0; port < 2; port++) {
		uint16_t base = bases[port];

		outb(base + INTERRUPT_ENABLE, 0);
		outb(base + LINE_CONTROL, LINE_CONTROL_DIVISOR);
		outb(base + DIVISOR_LOW, 1);
		outb(base + DIVISOR_HIGH, 0);
		outb(base + LINE_CONTROL, LINE_CONTROL_8N1);
		outb(base + FIFO_CONTROL, FIFO_ENABLE_CLEAR);
		outb(base + MODEM_CONTROL, MODEM_DTR_RTS);
		/* What is not there keeps nothing, and reads as FFh mostly. */
		outb(base + SCRATCH, SCRATCH_PATTERN);
		present[port] = inb(base + SCRATCH) == SCRATCH_PATTERN;
	}
}

/* A port that has never sent anything is not used any more: that is not reported, but the screen works.  One that
 * has is used on: an emulator's waits for its reader, and no record may be lost. */
static void
wait_for(enum serial_port port, uint8_t status)
{
	for (uint32_t polls = 0; sends[port] || polls < MAX_POLLS; polls++) {
		if ((inb(bases[port] + LINE_STATUS) & status) == status) {
			sends[port] = given[port];
			return;
		}
	}
	present[port] = false;
}

void
serial_write(enum serial_port port, const char *bytes, size_t size)
{
	while (size > 0 && present[port]) {
		/* An empty holding register means an empty FIFO: there is room for 16 bytes. */
		size_t chunk = size < FIFO_BYTES ? size : FIFO_BYTES;

		wait_for(port, STATUS_HOLDING_EMPTY);
		if (!present[port])
			return;
		given[port] = true;
		for (size_t i = 0; i < chunk; i++)
			outb(bases[port] + DATA, (uint8_t)bytes[i]);
		bytes += chunk;
		size -= chunk;
	}
}

void
serial_drain(void)
{
	for (unsigned port = 0; port < 2; port++)
		if (present[port])
			wait_for(port, STATUS_ALL_SENT);
}
