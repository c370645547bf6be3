/* A guest on AMD-V that never runs: a VMCS, a VMCB, memory; the tests play the part of VMRUN. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vmx/svm/guest.h"

#define WINDOW       0x1000000ull /* mapped at this address of the test's own memory */
#define WINDOW_BYTES 0x200000ull
#define CODE         (WINDOW + 0x10000)
#define STACK        (WINDOW + 0x20000)
#define DATA         (WINDOW + 0x30000)
#define BITMAPS      (WINDOW + 0x40000)
#define CR3_TABLES   (WINDOW + 0x1000)

enum fixture_mode { LONG_MODE, PROTECTED_MODE, REAL_MODE };

extern struct svm_guest guest;
extern struct vmcs_region vmcs;
extern struct vmcb vmcb;
extern struct vmcs_format format;
extern struct capabilities capabilities;
extern unsigned fake_interrupts_to_self;
extern unsigned fake_interrupts_taken;
extern uint64_t fake_time, fake_ticks, fake_debug_registers[4];
extern uint32_t fake_msr;
extern uint64_t fake_msr_value;

/* A guest of this mode as it is after VM entry, at CODE; all controls are 0. */
void fixture_fresh(enum fixture_mode mode);
/* The instruction at RIP. */
void fixture_code(const void *bytes, size_t size);
#define CODE_BYTES(...) \
	fixture_code((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))
/* VMRUN ends at the instruction with this code. */
enum svm_verdict fixture_leaves(uint64_t exit_code, uint64_t info1, uint64_t info2);
