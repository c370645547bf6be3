/*
 * The instruction CPUID, its leaves and bits in them (SDM 2A, "CPUID"); the names are for C and for assembly.
 *
 * In labs, cpuid() and the assembly instruction of that name ask the kernel (INT 32h), which answers for the
 * processor model of the run on every engine; the registers are those of the instruction.  Written in any
 * other way, as in inline assembly, CPUID is answered by the emulator's processor, which may be another one.
 */
#pragma once

#include <r33/bits.h>

#define CPUID_FEATURES          1
#define CPUID_ECX_VMX           BIT32(5)
#define CPUID_ECX_X2APIC        BIT32(21)
#define CPUID_ECX_XSAVE         BIT32(26)
#define CPUID_ECX_OSXSAVE       BIT32(27) /* CR4.OSXSAVE is 1 */
#define CPUID_EXTENSIONS        7
#define CPUID_COUNTERS          0x0a
#define CPUID_XSAVE             0x0d
#define CPUID_EXTENDED          0x80000000
#define CPUID_EXTENDED_FEATURES 0x80000001
#define CPUID_EDX_NX            BIT32(20)  /* of CPUID_EXTENDED_FEATURES */
#define CPUID_ADDRESS_WIDTHS    0x80000008 /* EAX: physical addresses in bits 7:0, linear in 15:8 */

#ifdef __ASSEMBLER__

#ifdef LAB_CODE
/* clang-format off */
	.macro cpuid
	int $0x32
	.endm
/* clang-format on */
#endif

#else

#include <stdint.h>

struct cpuid_result {
	uint32_t eax, ebx, ecx, edx;
};

#ifdef LAB_CODE
#define CPUID_INSTRUCTION "int $0x32" /* TRAP_LAB_CPUID in kernel/cpu/trap.h */
#else
#define CPUID_INSTRUCTION "cpuid"
#endif

/* Works at every privilege level. */
static inline struct cpuid_result
cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_result result;

	__asm__ volatile(CPUID_INSTRUCTION
	        : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
	        : "a"(leaf), "c"(subleaf));
	return result;
}

#endif
