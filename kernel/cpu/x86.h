/* One small inline function for each special instruction the kernel uses. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/cpuid.h>

static inline void
outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void
outl(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t
inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* What was stored before, also to write-combining memory, is there before what follows. */
static inline void
store_fence(void)
{
	__asm__ volatile("sfence" : : : "memory");
}

static inline void
halt(void)
{
	__asm__ volatile("hlt");
}

/* Let one pending interrupt in: STI blocks interrupts for one more instruction, the NOP is it. */
static inline void
take_pending_interrupt(void)
{
	__asm__ volatile("sti; nop; nop; cli" : : : "memory");
}

/* Let interrupts in, and sleep until there is one: none gets in between, STI blocks them for one instruction. */
static inline void
halt_until_interrupt(void)
{
	__asm__ volatile("sti; hlt; cli" : : : "memory");
}

#define READ_CONTROL_REGISTER(name) \
	static inline uint64_t read_##name(void) \
	{ \
		uint64_t value; \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value)); \
		return value; \
	}
#define WRITE_CONTROL_REGISTER(name) \
	static inline void write_##name(uint64_t value) \
	{ \
		__asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory"); \
	}

READ_CONTROL_REGISTER(cr0)
READ_CONTROL_REGISTER(cr2)
READ_CONTROL_REGISTER(cr3)
READ_CONTROL_REGISTER(cr4)
READ_CONTROL_REGISTER(cr8)
WRITE_CONTROL_REGISTER(cr0)
WRITE_CONTROL_REGISTER(cr2)
WRITE_CONTROL_REGISTER(cr3)
WRITE_CONTROL_REGISTER(cr4)

static inline void
wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

/* RDMSR of a register that may not exist: false, and *value = 0, when it raises #GP.  The entry in
 * .exception_table tells the trap handler where to go on (kernel/cpu/trap.c). */
static inline bool
rdmsr_exists(uint32_t msr, uint64_t *value)
{
	uint32_t low, high, fault = 0;

	__asm__ volatile("1:	rdmsr\n"
	                 "2:\n"
	                 "	.pushsection .text.fixup, \"ax\"\n"
	                 "3:	mov $1, %2\n"
	                 "	xor %0, %0\n"
	                 "	xor %1, %1\n"
	                 "	jmp 2b\n"
	                 "	.popsection\n"
	                 "	.pushsection .exception_table, \"a\"\n"
	                 "	.quad 1b, 3b\n"
	                 "	.popsection"
	        : "=a"(low), "=d"(high), "+r"(fault)
	        : "c"(msr));
	*value = (uint64_t)high << 32 | low;
	return !fault;
}

/* VMPTRST outside VMX operation is #UD (SDM 3C 31.3).  Does this machine know that? */
static inline bool
vmptrst_is_undefined(void)
{
	uint64_t pointer;
	uint32_t fault = 0;

	__asm__ volatile("1:	vmptrst %1\n"
	                 "2:\n"
	                 "	.pushsection .text.fixup, \"ax\"\n"
	                 "3:	mov $1, %0\n"
	                 "	jmp 2b\n"
	                 "	.popsection\n"
	                 "	.pushsection .exception_table, \"a\"\n"
	                 "	.quad 1b, 3b\n"
	                 "	.popsection"
	        : "+r"(fault), "=m"(pointer));
	return fault;
}

/* A register that exists on every processor with the feature that the caller has checked. */
static inline uint64_t
rdmsr(uint32_t msr)
{
	uint64_t value;

	rdmsr_exists(msr, &value);
	return value;
}

/* What else lab code can leave in registers: the data segments, and CR2 by a page fault. */
static inline void
clear_segments_and_cr2(void)
{
	__asm__ volatile("mov %0, %%cr2; mov %w0, %%ds; mov %w0, %%es; mov %w0, %%fs; mov %w0, %%gs"
	        :
	        : "r"(0ull));
}

/* IA32_PAT after reset (SDM 3A, "Programming the PAT"). */
#define PAT_AFTER_RESET 0x0007040600070406ull

/* DR6 (SDM 3B, "Debug Status Register (DR6)"): B0 to B3, BD, BS, BT; what always reads as 1. */
#define DR6_WRITABLE 0xe00full
#define DR6_FIXED    0xffff0ff0ull

/* DR0 to DR3 and DR6.  Without DR7, which VM entry and VM exit load, they do nothing. */
static inline void
load_debug_registers(const uint64_t dr[4], uint64_t dr6)
{
	__asm__ volatile("mov %0, %%dr0; mov %1, %%dr1; mov %2, %%dr2; mov %3, %%dr3; mov %4, %%dr6"
	        :
	        : "r"(dr[0]), "r"(dr[1]), "r"(dr[2]), "r"(dr[3]), "r"(dr6));
}

static inline void
store_debug_registers(uint64_t dr[4], uint64_t *dr6)
{
	__asm__ volatile("mov %%dr0, %0; mov %%dr1, %1; mov %%dr2, %2; mov %%dr3, %3; mov %%dr6, %4"
	        : "=r"(dr[0]), "=r"(dr[1]), "=r"(dr[2]), "=r"(dr[3]), "=r"(*dr6));
}

/* No breakpoints, whatever the firmware left: a #DB in the kernel would end the run. */
static inline void
disable_breakpoints(void)
{
	__asm__ volatile("mov %0, %%dr7" : : "r"(0x400ull));
}

static inline uint64_t
read_time_stamp_counter(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

/* The operand of LGDT and LIDT. */
struct __attribute__((packed)) table_register {
	uint16_t limit;
	uint64_t base;
};

static inline void
lgdt(const struct table_register *gdtr)
{
	__asm__ volatile("lgdt %0" : : "m"(*gdtr));
}

static inline void
lidt(const struct table_register *idtr)
{
	__asm__ volatile("lidt %0" : : "m"(*idtr));
}

static inline void
ltr(uint16_t selector)
{
	__asm__ volatile("ltr %0" : : "r"(selector));
}
