/* Names for numbers, as the SDM has them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Basic exit reasons the kernel acts on (SDM 3D appendix C). */
#define EXIT_EXCEPTION_OR_NMI     0
#define EXIT_EXTERNAL_INTERRUPT   1
#define EXIT_TRIPLE_FAULT         2
#define EXIT_INTERRUPT_WINDOW     7
#define EXIT_NMI_WINDOW           8
#define EXIT_CPUID                10
#define EXIT_HLT                  12
#define EXIT_VMCALL               18
#define EXIT_CONTROL_REGISTER     28
#define EXIT_IO_INSTRUCTION       30
#define EXIT_RDMSR                31
#define EXIT_WRMSR                32
#define EXIT_INVALID_GUEST_STATE  33
#define EXIT_MSR_LOADING          34
#define EXIT_ENTRY_MACHINE_CHECK  41
#define EXIT_EPT_VIOLATION        48
#define EXIT_PREEMPTION_TIMER     52
#define EXIT_REASON_ENTRY_FAILURE (1u << 31)

/* "VM-entry failure due to invalid guest state"; never NULL. */
const char *exit_reason_name(unsigned basic_reason);

/* The meaning of a VM-instruction error number (SDM 3C 31.4); never NULL. */
const char *vm_instruction_error_name(uint32_t number);

/* "#GP" and so on; never NULL. */
const char *exception_name(unsigned vector);
bool exception_has_error_code(unsigned vector);
