/* What the guests of lab 9, the kernel and the lab agree on beyond report.h. */
#pragma once

#include "report.h"

/* The processor's first instruction after a reset (SDM 3A, "First Instruction Executed"): the first
 * MiB's last 64 KiB are seen once more below 4 GiB. */
#define RESET_CS_SELECTOR 0xf000
#define RESET_CS_BASE     0xffff0000
#define RESET_RIP         0xfff0
#define RESET_OFFSET      0xffff0 /* of this instruction, in the guest's memory */

/* What the guest is to do: the kernel writes these slots before the guest runs. */
#define RESET_STAGE 46
#define RESET_TRIES 47

#define STAGE_REAL      1
#define STAGE_PROTECTED 2
#define STAGE_PAGING    3
#define STAGE_LONG      4

#define TRY_GP_REAL 1  /* WRMSR of a reserved bit in real mode */
#define TRY_GP      2  /* ... in protected mode; RDMSR and WRMSR of no MSR */
#define TRY_VMXE    4  /* set CR4.VMXE */
#define TRY_NE      8  /* set and clear CR0.NE */
#define TRY_LME     16 /* change EFER.LME while paging is on */
#define TRY_BACK    32 /* from long mode back to real mode */

/* What the guest saw, in slots of the report page. */
#define RESET_SUM          16 /* begins as the kernel's nonce; each value seen goes in */
#define SEEN_TOKEN         17
#define SEEN_CR0_RESET     18
#define SEEN_CR4_RESET     19
#define SEEN_CPUID         20
#define SEEN_GP_REAL       21
#define SEEN_CR0_PROTECTED 22
#define SEEN_GP_WRMSR      23
#define SEEN_EFER_KEPT     24
#define SEEN_GP_RDMSR      25
#define SEEN_GP_VMXE       26
#define SEEN_CR4_KEPT      27
#define SEEN_NE_SET        28
#define SEEN_NE_CLEAR      29
#define SEEN_CR3           30
#define SEEN_CR4_PAE       31
#define SEEN_CR0_PAGED     32
#define SEEN_EFER_LEGACY   33
#define SEEN_GP_LME        34
#define SEEN_EFER_LME      35
#define SEEN_EFER_LMA      36
#define SEEN_64            37
#define SEEN_EFER_BACK     38
#define SEEN_CR0_BACK      39
#define SEEN_RFLAGS        40
#define SEEN_RSP           41
#define SEEN_IDTR          42 /* limit, bits 15:0 of the base */
#define SEEN_DR7           43
#define SEEN_EFER_RESET    44
#define SEEN_SEGMENTS      45 /* the words at REPORT_OFFSET in ES, FS, GS and SS together */
#define SEEN_ALIAS         48
#define SEEN_CPUID_OTHERS  49 /* EAX, EBX and EDX of the same leaf, added */
#define SEEN_GP_NO_MSR     50

/* Whether an instruction raised #GP: with its error code in bits 7:0, and, in bits 31:16, how far
 * from the instruction the saved RIP is. */
#define RAISED     0x100
#define NOT_RAISED 0x200

/* The guest's own paging structures. */
#define RESET_PDPT      0x30000
#define RESET_DIRECTORY 0x31000
#define RESET_PML4      0x32000
#define RESET_PDPT64    0x33000
#define RESET_ALIAS     0x200000 /* linear: once more what stands at 0 */

#define RESET_ROTATE     5
#define RESET_MULTIPLIER 0x9e3779b97f4a7c15 /* only 64-bit code multiplies by it */
