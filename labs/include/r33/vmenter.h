/*
 * The registers that VM entry does not load from the VMCS and VM exit does not save there: they flow
 * through.  vmenter() keeps the guest's in a struct register_context while the host runs.
 *
 * For C and assembly: C has the struct, assembly its offsets.
 */
#pragma once

#include <r33/cpuid.h>

/* Offsets in struct register_context. */
#define CONTEXT_RAX      0x00
#define CONTEXT_RCX      0x08
#define CONTEXT_RDX      0x10
#define CONTEXT_RBX      0x18
#define CONTEXT_RBP      0x28 /* 0x20: RSP is a field of the VMCS, so its slot is not used */
#define CONTEXT_RSI      0x30
#define CONTEXT_RDI      0x38
#define CONTEXT_R8       0x40
#define CONTEXT_R9       0x48
#define CONTEXT_R10      0x50
#define CONTEXT_R11      0x58
#define CONTEXT_R12      0x60
#define CONTEXT_R13      0x68
#define CONTEXT_R14      0x70
#define CONTEXT_R15      0x78
#define CONTEXT_CR2      0x80
#define CONTEXT_DR0      0x88
#define CONTEXT_DR1      0x90
#define CONTEXT_DR2      0x98
#define CONTEXT_DR3      0xa0
#define CONTEXT_DR6      0xa8
#define CONTEXT_EXTENDED 0xc0
#define CONTEXT_BYTES    0x400

/* The FXSAVE or XSAVE area: x87, SSE, XSAVE header, AVX (SDM 1, "XSAVE Area"). */
#define EXTENDED_BYTES 832

/* What vmenter() returns. */
#define VMENTER_RESULT_EXIT         0
#define VMENTER_RESULT_FAIL_INVALID 1
#define VMENTER_RESULT_FAIL_VALID   2
#define VMENTER_RESULT_UNWRITTEN    0x33 /* the skeleton: not written yet */

/* Two fields of the VMCS, for assembly; C has all of them in <r33/vmcs_fields.h>. */
#define FIELD_HOST_RSP 0x6c14
#define FIELD_HOST_RIP 0x6c16

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct register_context {
	/* In the order of their encoding: RAX RCX RDX RBX (RSP) RBP RSI RDI R8 ... R15. */
	uint64_t general[16];
	uint64_t cr2;
	uint64_t dr[4];
	uint64_t dr6;
	_Alignas(64) uint8_t extended[EXTENDED_BYTES];
};

_Static_assert(offsetof(struct register_context, cr2) == CONTEXT_CR2, "CONTEXT_CR2");
_Static_assert(offsetof(struct register_context, dr) == CONTEXT_DR0, "CONTEXT_DR0");
_Static_assert(offsetof(struct register_context, dr6) == CONTEXT_DR6, "CONTEXT_DR6");
_Static_assert(offsetof(struct register_context, extended) == CONTEXT_EXTENDED, "CONTEXT_EXTENDED");
_Static_assert(sizeof(struct register_context) == CONTEXT_BYTES, "CONTEXT_BYTES");

enum vmenter_result {
	VMENTER_EXIT = VMENTER_RESULT_EXIT, /* a VM exit brought us back, for whatever reason */
	VMENTER_FAIL_INVALID = VMENTER_RESULT_FAIL_INVALID, /* CF: there is no current VMCS */
	VMENTER_FAIL_VALID = VMENTER_RESULT_FAIL_VALID,     /* ZF: see VM_INSTRUCTION_ERROR */
};

/*
 * Enter the guest of the current VMCS with the registers in *context, and return with the guest's
 * in it.  launched: VMRESUME, otherwise VMLAUNCH.
 *
 * After a failed entry *context is unchanged, except for what was loaded from it and stored again.
 * Otherwise a function like any other of the System V ABI; and no value of the guest is left in any
 * register.
 */
enum vmenter_result vmenter(struct register_context *context, bool launched);

#endif
