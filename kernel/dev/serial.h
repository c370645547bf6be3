/* Two 16550 serial ports, polled: COM1 is the console, COM2 the record stream. */
#pragma once

#include <stddef.h>

enum serial_port { SERIAL_CONSOLE, SERIAL_RECORDS };

/* 115200 baud, 8 data bits, no parity, FIFO on.  A port that is not there, or never sends its first
 * bytes, swallows what it is given. */
void serial_init(void);

/* Send all bytes; waits for the transmitter as long as it takes: a real one never waits for a reader, an emulator's
 * may. */
void serial_write(enum serial_port port, const char *bytes, size_t size);

/* Wait until the last bit of both ports has left. */
void serial_drain(void);
