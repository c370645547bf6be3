/*
 * What Bochs' debugger answers, read: registers, memory, translations, stops.  Pure; the text may be
 * anything, and what is not in it is said by the return value.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In gdb's order. */
enum cpu_register {
	CPU_RAX,
	CPU_RBX,
	CPU_RCX,
	CPU_RDX,
	CPU_RSI,
	CPU_RDI,
	CPU_RBP,
	CPU_RSP,
	CPU_R8,
	CPU_R15 = CPU_R8 + 7,
	CPU_RIP,
	CPU_REGISTERS
};

/* In the order of the VMCS. */
enum cpu_segment { CPU_ES, CPU_CS, CPU_SS, CPU_DS, CPU_FS, CPU_GS, CPU_LDTR, CPU_TR, CPU_SEGMENTS };

/* A segment register, hidden part included. */
struct segment {
	uint16_t selector;
	bool valid;             /* false: unusable */
	uint16_t access_rights; /* bits 7:0 and 15:12 as in the VMCS */
	uint32_t limit_bytes;   /* the last byte's offset */
	uint64_t base;          /* the lower 32 bits: Bochs' "sreg" does not show more */
};

struct descriptor_table {
	uint64_t base;
	uint32_t limit_bytes;
};

struct cpu {
	uint64_t registers[CPU_REGISTERS];
	uint32_t rflags;
	uint64_t ssp;
	struct segment segments[CPU_SEGMENTS];
	struct descriptor_table gdtr, idtr;
	uint64_t cr0, cr2, cr3, cr4, cr8, efer;
};

/* "r", "sreg", "creg": each fills in its part, and says whether all of it was there. */
bool answer_registers(const char *text, struct cpu *cpu);
bool answer_segments(const char *text, struct cpu *cpu);
bool answer_control_registers(const char *text, struct cpu *cpu);

/* "x /Nbmx" and "xp /Nbmx": how many bytes were there, from the first on without a gap. */
size_t answer_memory(const char *text, uint8_t *bytes, size_t room);

/* "page": the physical address that the linear address has.  False: it has none. */
bool answer_translation(const char *text, uint64_t linear, uint64_t *physical);

/* "show": a number, or 1 and 0 for true and false. */
bool answer_parameter(const char *text, uint64_t *value);

/* Does it say "Error: ...", or that something is not supported? */
bool answer_is_error(const char *text);

enum stop_reason {
	STOP_NOTHING_SAID, /* a step is done, or an interrupt */
	STOP_BREAKPOINT,
	STOP_WATCH_WRITE,
	STOP_WATCH_READ,
};

/* Why and where the machine stopped. */
struct stop {
	enum stop_reason reason;
	uint64_t watched; /* physical address, of a watchpoint */
	bool placed;      /* selector and offset are known */
	uint16_t selector;
	uint64_t offset;
};
void answer_stop(const char *text, struct stop *stop);
