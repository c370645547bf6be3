/* The bits of RFLAGS (SDM 1, "EFLAGS Register"; SDM 3A, "System Flags and Fields in the EFLAGS Register"). */
#pragma once

#include <r33/bits.h>

#define RFLAGS_CF   BIT(0)        /* carry */
#define RFLAGS_ONE  BIT(1)        /* reserved, always 1 */
#define RFLAGS_PF   BIT(2)        /* parity */
#define RFLAGS_AF   BIT(4)        /* auxiliary carry */
#define RFLAGS_ZF   BIT(6)        /* zero */
#define RFLAGS_SF   BIT(7)        /* sign */
#define RFLAGS_TF   BIT(8)        /* trap: #DB after each instruction */
#define RFLAGS_IF   BIT(9)        /* interrupt enable */
#define RFLAGS_DF   BIT(10)       /* direction of string instructions */
#define RFLAGS_OF   BIT(11)       /* overflow */
#define RFLAGS_IOPL (3 * BIT(12)) /* I/O privilege level, two bits */
#define RFLAGS_NT   BIT(14)       /* nested task */
#define RFLAGS_RF   BIT(16)       /* resume: no instruction breakpoint on the next instruction */
#define RFLAGS_VM   BIT(17)       /* virtual-8086 mode */
#define RFLAGS_AC   BIT(18)       /* alignment check */
#define RFLAGS_VIF  BIT(19)       /* virtual interrupt flag */
#define RFLAGS_VIP  BIT(20)       /* virtual interrupt pending */
#define RFLAGS_ID   BIT(21)       /* software that can change it has CPUID */

/* The flags in which an instruction says how it ended, a VMX instruction too. */
#define RFLAGS_STATUS (RFLAGS_CF | RFLAGS_PF | RFLAGS_AF | RFLAGS_ZF | RFLAGS_SF | RFLAGS_OF)
