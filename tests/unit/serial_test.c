/* Unit tests of kernel/dev/serial.c, with ports that are missing, stuck or slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cpu/x86.h"
#include "dev/serial.h"

static uint8_t read_port(uint16_t port);
static void write_port(uint16_t port, uint8_t value);

/* The driver, at these ports instead of the processor's. */
#define inb  read_port
#define outb write_port
#include "dev/serial.c"

#define COM2     0x2f8
#define PATIENCE MAX_POLLS
#define FOR_GOOD UINT32_MAX

/* COM2's 16550.  COM1 is not there. */
static struct {
	unsigned takes; /* so many bytes, and is busy from then on ... */
	uint32_t busy;  /* ... for so many polls */
	uint8_t scratch, line_control;
	unsigned byte_count;
	char bytes[64];
} uart;

static uint8_t
read_port(uint16_t port)
{
	if (port == COM2 + SCRATCH)
		return uart.scratch;
	if (port != COM2 + LINE_STATUS)
		return 0xff;
	if (uart.byte_count < uart.takes || uart.busy == 0)
		return STATUS_ALL_SENT;
	if (uart.busy != FOR_GOOD)
		uart.busy--;
	return 0;
}

static void
write_port(uint16_t port, uint8_t value)
{
	if (port == COM2 + SCRATCH)
		uart.scratch = value;
	if (port == COM2 + LINE_CONTROL)
		uart.line_control = value;
	if (port != COM2 + DATA || uart.line_control & LINE_CONTROL_DIVISOR)
		return;
	assert_in_range(uart.byte_count, 0, sizeof(uart.bytes) - 1);
	uart.bytes[uart.byte_count++] = (char)value;
}

/* A machine that has just been switched on. */
static void
switch_on(unsigned takes, uint32_t busy)
{
	memset(&uart, 0, sizeof(uart));
	memset(given, 0, sizeof(given));
	memset(sends, 0, sizeof(sends));
	uart.takes = takes;
	uart.busy = busy;
	serial_init();
}

/* What is written, a FIFO at a time. */
static void
write_text(enum serial_port port)
{
	serial_write(port, "The first 16 by;", 16);
	serial_write(port, "16 of the others", 16);
	serial_write(port, "The end", 7);
	serial_drain();
}

static void
assert_all_is_sent(void)
{
	assert_int_equal(uart.byte_count, 39);
	assert_memory_equal(uart.bytes, "The first 16 by;16 of the othersThe end", 39);
}

static void
what_is_written_is_sent(void **state)
{
	(void)state;
	switch_on(sizeof(uart.bytes), 0);
	write_text(SERIAL_RECORDS);
	assert_all_is_sent();
}

static void
a_missing_port_swallows_it(void **state)
{
	(void)state;
	switch_on(0, FOR_GOOD);
	write_text(SERIAL_CONSOLE);
	assert_int_equal(uart.byte_count, 0);
}

/* The first bytes fit into the FIFO: that is no proof that they leave. */
static void
a_port_that_never_sends_is_given_up(void **state)
{
	(void)state;
	switch_on(16, FOR_GOOD);
	write_text(SERIAL_RECORDS);
	assert_int_equal(uart.byte_count, 16);
	uart.busy = 0;
	write_text(SERIAL_RECORDS);
	assert_int_equal(uart.byte_count, 16);
}

/* An emulator whose reader takes its time. */
static void
a_port_that_has_sent_is_waited_for(void **state)
{
	(void)state;
	switch_on(32, 3 * PATIENCE);
	write_text(SERIAL_RECORDS);
	assert_all_is_sent();
	switch_on(39, 3 * PATIENCE);
	write_text(SERIAL_RECORDS);
	assert_all_is_sent();
	assert_int_equal(uart.busy, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_sent),
		cmocka_unit_test(a_missing_port_swallows_it),
		cmocka_unit_test(a_port_that_never_sends_is_given_up),
		cmocka_unit_test(a_port_that_has_sent_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
