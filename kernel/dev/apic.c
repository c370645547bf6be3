/* The local APIC: its timer, and interrupts to oneself. */
#include "dev/apic.h"

#include <stdbool.h>
#include <stddef.h>

#include <r33/msr.h>

#include "cpu/paging.h"
#include "cpu/trap.h"
#include "cpu/x86.h"

#define REGISTERS_BYTES 4096

#define SPURIOUS_VECTOR  0xf0
#define END_OF_INTERRUPT 0xb0
#define COMMAND          0x300
#define LVT_TIMER        0x320
#define INITIAL_COUNT    0x380
#define CURRENT_COUNT    0x390
#define DIVIDE           0x3e0

#define SOFTWARE_ENABLE (1u << 8)
#define TO_SELF         (1u << 18)
#define DIVIDE_BY_1     0xb
#define BASE_ADDRESS    0xffffff000ull

#define LONGEST      UINT32_MAX /* ticks of the time-stamp counter */
#define MEASURED_TSC 1000000    /* ticks of the time-stamp counter */

static volatile uint8_t *registers;
static uint64_t counts_per_tsc; /* 32.32 bits */
static uint64_t interrupt_at;   /* time-stamp counter; in the past: there will be none */

static void
write_register(unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(registers + offset) = value;
}

static uint32_t
read_register(unsigned offset)
{
	return *(volatile uint32_t *)(registers + offset);
}

static void
acknowledge(void)
{
	write_register(END_OF_INTERRUPT, 0);
}

/* How far the timer counts while the time-stamp counter does so. */
static bool
measure(void)
{
	uint64_t begin, end;
	uint32_t counted;

	write_register(INITIAL_COUNT, UINT32_MAX);
	begin = read_time_stamp_counter();
	do
		end = read_time_stamp_counter();
	while (end - begin < MEASURED_TSC);
	counted = UINT32_MAX - read_register(CURRENT_COUNT);
	write_register(INITIAL_COUNT, 0);
	counts_per_tsc = ((uint64_t)counted << 32) / (end - begin);
	return counts_per_tsc > 0;
}

const char *
apic_init(void)
{
	uint64_t base = rdmsr(IA32_APIC_BASE);

	if (!(base & APIC_BASE_EN) || (base & APIC_BASE_EXTD) == APIC_BASE_EXTD)
		return "the local APIC is not in xAPIC mode";
	registers = paging_map_registers(base & BASE_ADDRESS, REGISTERS_BYTES);
	if (!registers)
		return "the local APIC is where the kernel cannot map it";
	trap_on_apic(acknowledge);
	write_register(SPURIOUS_VECTOR, SOFTWARE_ENABLE | TRAP_SPURIOUS_APIC);
	write_register(DIVIDE, DIVIDE_BY_1);
	write_register(LVT_TIMER, TRAP_APIC);
	return measure() ? NULL : "the local APIC's timer does not count";
}

void
apic_timer_start(uint64_t tsc_ticks)
{
	uint64_t now = read_time_stamp_counter(), count;

	if (tsc_ticks == 0) {
		apic_interrupt_self();
		return;
	}
	/* One that comes before is as good, and programming the timer is slow. */
	if (interrupt_at > now && interrupt_at - now <= tsc_ticks)
		return;
	if (tsc_ticks > LONGEST)
		tsc_ticks = LONGEST;
	count = (tsc_ticks * (counts_per_tsc >> 16)) >> 16;
	interrupt_at = now + tsc_ticks;
	write_register(INITIAL_COUNT, count > UINT32_MAX ? UINT32_MAX
	                              : count            ? (uint32_t)count
	                                                 : 1);
}

void
apic_interrupt_self(void)
{
	write_register(COMMAND, TO_SELF | TRAP_APIC);
}
