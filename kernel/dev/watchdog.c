/* The watchdog: one redirection entry of the I/O APIC. */
#include "dev/watchdog.h"

#include <stdint.h>

#define TIMER_PIN          2
#define REDIRECTION_LOW    (0x10 + 2 * TIMER_PIN)
#define REDIRECTION_HIGH   (REDIRECTION_LOW + 1)
#define DELIVERY_NMI       (4u << 8)
#define REDIRECTION_MASKED (1u << 16)

/* An indirect pair: the number of a register, then its value. */
static volatile uint32_t *const select = (volatile uint32_t *)IO_APIC_LINEAR;
static volatile uint32_t *const window = (volatile uint32_t *)(IO_APIC_LINEAR + 0x10);

static void
write_register(uint32_t number, uint32_t value)
{
	*select = number;
	*window = value;
}

void
watchdog_on(void)
{
	write_register(
	        REDIRECTION_HIGH, 0); /* to the processor with APIC ID 0, the only one that runs */
	write_register(REDIRECTION_LOW, DELIVERY_NMI);
}

void
watchdog_off(void)
{
	write_register(REDIRECTION_LOW, REDIRECTION_MASKED);
}
