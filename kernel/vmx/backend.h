/*
 * The narrow door to whatever performs VMX: the processor itself (vmx/processor.c), or, where
 * there is no VMX, something that behaves like it.
 *
 * Fields are named by their SDM encodings; failures are VMX's own: VMfailInvalid and
 * VMfailValid with a VM-instruction error number (SDM 3C 31.2, 31.4).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <r33/instruction_errors.h>
#include <r33/vmenter.h>

#include "rules/capabilities.h"

enum vmx_result {
	VMX_SUCCEED = VMENTER_RESULT_EXIT,
	VMX_FAIL_INVALID = VMENTER_RESULT_FAIL_INVALID, /* CF = 1: there is no current VMCS */
	VMX_FAIL_VALID = VMENTER_RESULT_FAIL_VALID,     /* ZF = 1: the number is in last_error() */
};

/* What VM entry does not load from the VMCS: the guest's general registers in encoding order
 * (RSP is a VMCS field, its slot is not used). */
struct guest_registers {
	uint64_t general[16];
};
_Static_assert(offsetof(struct guest_registers, general) == CONTEXT_RAX &&
                       sizeof(struct guest_registers) == CONTEXT_R15 + 8,
        "CONTEXT_RAX to CONTEXT_R15 in entry.S");

struct vmx_backend {
	const char *name;

	/* Find out what there is and switch it on.  NULL, or one sentence for the user. */
	const char *(*enable)(struct capabilities *capabilities);

	/* A capability MSR, or another that labs may read.  False when it does not exist. */
	bool (*read_msr)(uint32_t msr, uint64_t *value);

	/* What CPUID says to the kernel and to labs: EAX, EBX, ECX, EDX, as the instruction has them. */
	void (*cpuid)(uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);

	/* CR0, CR2, CR3, CR4 or CR8, as in VMX root operation: a lab reads them, and CR0 and CR4 are
	 * host state. */
	uint64_t (*control_register)(unsigned number);

	/* vmcs: physical address of a 4 KiB region. */
	enum vmx_result (*clear)(uint64_t vmcs);
	enum vmx_result (*load)(uint64_t vmcs);

	/* Fields of the current VMCS. */
	enum vmx_result (*read)(uint32_t field, uint64_t *value);
	enum vmx_result (*write)(uint32_t field, uint64_t value);

	/* VMLAUNCH or VMRESUME.  VMX_SUCCEED = a VM exit brought us back, for whatever reason: a failed
	 * entry with reason 33 too.  *registers holds the guest's before and after. */
	enum vmx_result (*enter)(struct guest_registers *registers, bool resume);

	uint32_t (*last_error)(void);
};

/* The back end of this run, set by vmx_init(). */
extern const struct vmx_backend *vmx;

/* Choose and enable a back end; fills vmx_capabilities.  NULL, or one sentence for the user. */
const char *vmx_init(void);
extern struct capabilities vmx_capabilities;

/* The host-physical memory of guests, for a back end that keeps those without EPT inside. */
struct vmx_window {
	uint64_t base, bytes;
};
extern struct vmx_window vmx_window;

/* An address at which no VMCS can lie: VMCLEAR, VMPTRLD, and VM entry for the link pointer, refuse it. */
bool vmcs_address_is_malformed(uint64_t address);

/* A field that must be readable or writable: anything else is the kernel's mistake and panics
 * with the error's number and meaning. */
uint64_t vmcs_read(uint32_t field);
void vmcs_write(uint32_t field, uint64_t value);
void vmcs_require(enum vmx_result result, const char *operation, uint64_t operand);
