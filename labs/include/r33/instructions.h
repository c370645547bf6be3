/*
 * The VMX instructions, one small inline function each.
 *
 * They are the real instructions.  Your code runs at CPL 3, where they fault; the kernel looks at
 * the instruction that faulted, performs it for you if the field is yours, and resumes after it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/cpuid.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

/* Write one field of the current VMCS.  Returns false if the processor refused (CF or ZF = 1); the
 * reason is then in the field VM_INSTRUCTION_ERROR.  SDM 3C, "VMWRITE". */
static inline bool
vmwrite(uint64_t field, uint64_t value)
{
	bool failed;

	__asm__ volatile("vmwrite %2, %1" : "=@ccbe"(failed) : "r"(field), "rm"(value) : "memory");
	return !failed;
}

/* Read one field of the current VMCS; 0 if the processor refused.  SDM 3C, "VMREAD". */
static inline uint64_t
vmread(uint64_t field)
{
	uint64_t value = 0;
	bool failed;

	__asm__ volatile("vmread %2, %1" : "=@ccbe"(failed), "=r"(value) : "r"(field) : "memory");
	return failed ? 0 : value;
}

/* The current-VMCS pointer: the physical address of the VMCS whose fields these are.  SDM 3C,
 * "VMPTRST". */
static inline uint64_t
vmptrst(void)
{
	uint64_t address;

	__asm__ volatile("vmptrst %0" : "=m"(address));
	return address;
}

/* Read a model-specific register.  One that the processor lacks raises #GP(0) and ends the case:
 * check IA32_VMX_PROCBASED_CTLS before you read IA32_VMX_PROCBASED_CTLS2. */
static inline uint64_t
rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}
