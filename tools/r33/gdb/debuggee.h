/*
 * The stopped machine: its registers, read when they are asked for and kept until it runs again,
 * and its memory by linear address.
 */
#pragma once

#include "answer.h"
#include "bochs.h"
#include "debugger.h"
#include "qemu_server.h"
#include "vmx/svm/shown.h"

enum vmx_mode { VMX_OFF, VMX_ROOT, VMX_GUEST };

enum { LINEAR_PAGE_BYTES = 4096 };

struct debuggee {
	const struct debugger *debugger;
	struct bochs bochs;                 /* ... is the one */
	struct qemu_server qemu;            /* ... or the other */
	const struct kernel_places *places; /* of the kernel that runs */
	struct svm_shown shown;             /* as debuggee_vmx() has found it on QEMU */
	bool gone;                          /* the engine has ended */
	bool unintelligible; /* ... for us: it has answered, but not what was asked for */
	unsigned known;      /* private: which parts of the rest are up to date */
	struct cpu cpu;
	enum vmx_mode vmx;
};

/* Each makes its part of debuggee->cpu, or debuggee->vmx, current; the second has RIP and RSP, and
 * the segments with the lower halves of their bases.  False: the debugger did not tell. */
bool debuggee_registers(struct debuggee *debuggee);
bool debuggee_control_registers(struct debuggee *debuggee);
bool debuggee_bases(struct debuggee *debuggee);
bool debuggee_vmx(struct debuggee *debuggee);

/* The machine has run, or something was written: nothing is known any more. */
void debuggee_forget(struct debuggee *debuggee);

/* For a debugger: it has read them. */
void debuggee_registers_are_known(struct debuggee *debuggee);

/* 16, 32 or 64: how wide the code is that runs. */
unsigned debuggee_code_bits(const struct debuggee *debuggee);

/* What has to be added to RIP or RSP for its linear address. */
uint64_t debuggee_code_base(const struct debuggee *debuggee);
uint64_t debuggee_stack_base(const struct debuggee *debuggee);
uint64_t debuggee_pc(const struct debuggee *debuggee);

/* The physical address; false: not mapped. */
bool debuggee_translate(struct debuggee *debuggee, uint64_t linear, uint64_t *physical);

/* Read memory; how many bytes there were before something that is not mapped. */
size_t debuggee_read(struct debuggee *debuggee, uint64_t linear, uint8_t *bytes, size_t length);
size_t debuggee_read_physical(
        struct debuggee *debuggee, uint64_t physical, uint8_t *bytes, size_t length);

/* Write memory, all of it or none. */
bool debuggee_write(
        struct debuggee *debuggee, uint64_t linear, const uint8_t *bytes, size_t length);
bool debuggee_write_physical(
        struct debuggee *debuggee, uint64_t physical, const uint8_t *bytes, size_t length);
