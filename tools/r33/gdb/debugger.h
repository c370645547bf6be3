/* What stops the machine and looks into it: Bochs' own debugger, or QEMU's server for gdb. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "machine/engine.h"

struct debuggee;
struct kernel_places;
struct stop;

/* What waiting came to. */
enum debugger_wait {
	DEBUGGER_ANSWERED, /* the machine has stopped */
	DEBUGGER_GONE,
	DEBUGGER_OTHER,     /* the other file can be read */
	DEBUGGER_TIMED_OUT, /* nothing happened for so long */
	DEBUGGER_ENDING,    /* a signal wants to end r33 */
};

/* A model-specific register of the guest that is not among gdb's. */
enum guest_msr {
	GUEST_MSR_PAT,
	GUEST_MSR_SYSENTER_CS,
	GUEST_MSR_SYSENTER_ESP,
	GUEST_MSR_SYSENTER_EIP,
	GUEST_MSRS
};

/* All functions are needed.  False and NULL: it did not tell, or did not do it. */
struct debugger {
	const char *engine;
	int breakpoints_max, watchpoints_max; /* for gdb; run.c has OWN_BREAKPOINTS more */
	bool watches_linear;                  /* ... not physical memory */
	/* The kernel performs VMX: not each of the processor's exits from the guest is a VM exit. */
	bool software_vmx;

	/* Start the machine, stopped.  False after a complaint. */
	bool (*start)(struct debuggee *debuggee, struct machine *machine,
	        const struct kernel_places *places);
	void (*end)(struct debuggee *debuggee);
	struct child *(*child)(struct debuggee *debuggee);

	/* Let it run, or execute one instruction; wait() gets the answer, or another file that is
	 * readable, -1: none.  -1 ms = indefinitely.  stopped(): why, and the registers are known. */
	void (*resume)(struct debuggee *debuggee, bool step);
	enum debugger_wait (*wait)(struct debuggee *debuggee, int other, int timeout_ms);
	bool (*stopped)(struct debuggee *debuggee, struct stop *stop);
	/* Stop it: the answer will come.  To be called again until it has. */
	void (*interrupt)(struct debuggee *debuggee);
	bool (*is_shut_down)(struct debuggee *debuggee);

	/* Parts of debuggee->cpu, and debuggee->vmx (debuggee.h). */
	bool (*registers)(struct debuggee *debuggee);
	bool (*control_registers)(struct debuggee *debuggee);
	bool (*bases)(struct debuggee *debuggee);
	bool (*vmx)(struct debuggee *debuggee);
	bool (*vmcs_pointer)(struct debuggee *debuggee, uint64_t *pointer);
	bool (*guest_msr)(struct debuggee *debuggee, enum guest_msr msr, uint64_t *value);

	/* Write a register: enum cpu_register; RFLAGS.  What was refused is as it was. */
	bool (*write_general)(struct debuggee *debuggee, unsigned index, uint64_t value);
	bool (*write_flags)(struct debuggee *debuggee, uint64_t value);

	bool (*translate)(struct debuggee *debuggee, uint64_t linear, uint64_t *physical);
	size_t (*read)(struct debuggee *debuggee, uint64_t linear, uint8_t *bytes, size_t length);
	size_t (*read_physical)(
	        struct debuggee *debuggee, uint64_t physical, uint8_t *bytes, size_t length);
	bool (*write_physical)(
	        struct debuggee *debuggee, uint64_t physical, const uint8_t *bytes, size_t length);

	/* A breakpoint at a linear address: its number for clear_breakpoint(), 0: no room. */
	unsigned (*set_breakpoint)(struct debuggee *debuggee, uint64_t address);
	void (*clear_breakpoint)(struct debuggee *debuggee, unsigned number, uint64_t address);
	/* A watchpoint, of the type of gdb's packets Z2 to Z4. */
	bool (*set_watchpoint)(
	        struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length);
	void (*clear_watchpoint)(
	        struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length);

	/* Lines "0xADDRESS INSTRUCTION ; CODE", in the processor's mode. */
	void (*disassemble)(struct debuggee *debuggee, FILE *out, uint64_t address,
	        unsigned long count, bool intel);
	/* Why VM entries failed, as the engine says it. */
	void (*print_log)(struct debuggee *debuggee, FILE *out);
};

extern const struct debugger debugger_bochs, debugger_qemu;
