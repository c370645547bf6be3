/*
 * Base states: guest states that break no rule, from which tests and the fuzzer start.  They run no
 * instruction (their EPT or CR3 maps nothing), so they come back from the entry at once.
 */
#pragma once

#include "vmcs.h"

/* Where things lie in the batch's memory, host-physical. */
#define BASE_EPT            0x1101000ull /* the root: empty */
#define BASE_CR3            0x1102000ull /* empty; without EPT a PAE guest's PDPTEs */
#define BASE_LINKED         0x1103000ull /* begins with the revision identifier */
#define BASE_SHADOW         0x1104000ull /* the same with the shadow indicator */
#define BASE_OTHER          0x1105000ull /* another revision */
#define BASE_MSR_LOAD       0x1106000ull
#define BASE_VMREAD_BITMAP  0x1107000ull
#define BASE_VMWRITE_BITMAP 0x1108000ull
#define BASE_IO_BITMAP_A    0x1109000ull
#define BASE_IO_BITMAP_B    0x110a000ull
#define BASE_MSR_BITMAP     0x110b000ull
#define BASE_VIRTUAL_APIC   0x110c000ull
#define BASE_PML            0x110d000ull
#define BASE_POSTED         0x110e000ull

/* The number of bases there are for some processor. */
unsigned base_count(void);

/* "64-bit"; the number of the base with this name, or -1. */
const char *base_name(unsigned base);
int base_find(const char *name);

/* Make base number `base` for this processor.  NULL, or why it has no such state (static). */
const char *base_make(unsigned base, const struct capabilities *capabilities, struct vmcs *vmcs);

/* Would an entry that succeeds never come back?  Nothing ends wait-for-SIPI, and without a
 * preemption timer nothing ends HLT and shutdown. */
bool base_never_returns(const struct vmcs *vmcs);
