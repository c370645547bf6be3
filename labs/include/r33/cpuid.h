/* Leaves of CPUID and bits in them (SDM 2A, "CPUID"), for C and for assembly. */
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
