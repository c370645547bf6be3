/* The bits of RFLAGS (SDM 1, "EFLAGS Register"; SDM 3A, "System Flags and Fields in the EFLAGS Register"). */
#pragma once

#define RFLAGS_CF   (1ull << 0)  /* carry */
#define RFLAGS_ONE  (1ull << 1)  /* reserved, always 1 */
#define RFLAGS_PF   (1ull << 2)  /* parity */
#define RFLAGS_AF   (1ull << 4)  /* auxiliary carry */
#define RFLAGS_ZF   (1ull << 6)  /* zero */
#define RFLAGS_SF   (1ull << 7)  /* sign */
#define RFLAGS_TF   (1ull << 8)  /* trap: #DB after each instruction */
#define RFLAGS_IF   (1ull << 9)  /* interrupt enable */
#define RFLAGS_DF   (1ull << 10) /* direction of string instructions */
#define RFLAGS_OF   (1ull << 11) /* overflow */
#define RFLAGS_IOPL (3ull << 12) /* I/O privilege level, two bits */
#define RFLAGS_NT   (1ull << 14) /* nested task */
#define RFLAGS_RF   (1ull << 16) /* resume: no instruction breakpoint on the next instruction */
#define RFLAGS_VM   (1ull << 17) /* virtual-8086 mode */
#define RFLAGS_AC   (1ull << 18) /* alignment check */
#define RFLAGS_VIF  (1ull << 19) /* virtual interrupt flag */
#define RFLAGS_VIP  (1ull << 20) /* virtual interrupt pending */
#define RFLAGS_ID   (1ull << 21) /* software that can change it has CPUID */
