/*
 * What kernel/vmx/svm does with the processor beside running guests, for tests of it on the host: before
 * kernel/cpu/x86.h in the order of the include directories.
 */
#pragma once

#include <stdint.h>

#define DR6_FIXED    0xffff0ff0ull
#define DR6_WRITABLE 0xe00full

extern uint64_t fake_time, fake_debug_registers[4];
extern unsigned fake_interrupts_taken;

static inline uint64_t
read_time_stamp_counter(void)
{
	return fake_time;
}

static inline void
store_debug_registers(uint64_t dr[4], uint64_t *dr6)
{
	for (unsigned i = 0; i < 4; i++)
		dr[i] = fake_debug_registers[i];
	*dr6 = DR6_FIXED;
}

static inline void
load_debug_registers(const uint64_t dr[4], uint64_t dr6)
{
	(void)dr6;
	for (unsigned i = 0; i < 4; i++)
		fake_debug_registers[i] = dr[i];
}

static inline void
take_pending_interrupt(void)
{
	fake_interrupts_taken++;
}
