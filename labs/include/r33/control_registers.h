/* The bits of CR0, CR3 and CR4 (SDM 3A, section "Control Registers"), for C and for assembly. */
#pragma once

#include <r33/bits.h>

#define CR0_PE BIT(0)  /* protection enable: 0 = real mode */
#define CR0_MP BIT(1)  /* monitor coprocessor */
#define CR0_EM BIT(2)  /* emulation: no x87 */
#define CR0_TS BIT(3)  /* task switched */
#define CR0_ET BIT(4)  /* extension type, always 1 on processors with VMX */
#define CR0_NE BIT(5)  /* numeric error: x87 errors as exceptions */
#define CR0_WP BIT(16) /* write protect: also for CPL 0 */
#define CR0_AM BIT(18) /* alignment mask */
#define CR0_NW BIT(29) /* not write-through; VM entry never checks it */
#define CR0_CD BIT(30) /* cache disable; VM entry never checks it */
#define CR0_PG BIT(31) /* paging */

#define CR3_PWT BIT(3) /* page-level write-through */
#define CR3_PCD BIT(4) /* page-level cache disable */
#define CR3_PAE_TABLE \
	(BIT(32) - BIT(5))    /* the address of the page-directory-pointer table of PAE paging */
#define CR3_LAM (3 * BIT(61)) /* linear-address masking for user addresses */

#define CR4_VME        BIT(0)  /* virtual-8086 mode extensions */
#define CR4_PVI        BIT(1)  /* protected-mode virtual interrupts */
#define CR4_TSD        BIT(2)  /* time stamp disable: RDTSC at CPL 0 only */
#define CR4_DE         BIT(3)  /* debugging extensions */
#define CR4_PSE        BIT(4)  /* page size extensions: 4 MiB pages */
#define CR4_PAE        BIT(5)  /* physical address extension */
#define CR4_MCE        BIT(6)  /* machine-check enable */
#define CR4_PGE        BIT(7)  /* page global enable */
#define CR4_PCE        BIT(8)  /* performance counter enable: RDPMC at any CPL */
#define CR4_OSFXSR     BIT(9)  /* the OS knows FXSAVE: SSE works */
#define CR4_OSXMMEXCPT BIT(10) /* the OS handles #XM */
#define CR4_UMIP       BIT(11) /* user-mode instruction prevention */
#define CR4_LA57       BIT(12) /* 57-bit linear addresses */
#define CR4_VMXE       BIT(13) /* VMX enable */
#define CR4_SMXE       BIT(14) /* SMX enable */
#define CR4_FSGSBASE   BIT(16) /* RDFSBASE and its kin */
#define CR4_PCIDE      BIT(17) /* process-context identifiers; IA-32e mode only */
#define CR4_OSXSAVE    BIT(18) /* XSAVE and XCR0 */
#define CR4_KL         BIT(19) /* key locker */
#define CR4_SMEP       BIT(20) /* supervisor-mode execution prevention */
#define CR4_SMAP       BIT(21) /* supervisor-mode access prevention */
#define CR4_PKE        BIT(22) /* protection keys for user pages */
#define CR4_CET        BIT(23) /* control-flow enforcement; needs CR0.WP */
#define CR4_PKS        BIT(24) /* protection keys for supervisor pages */
#define CR4_UINTR      BIT(25) /* user interrupts */
#define CR4_LASS       BIT(27) /* linear-address-space separation */
#define CR4_LAM_SUP    BIT(28) /* linear-address masking for supervisor addresses */
#define CR4_FRED       BIT(32) /* flexible return and event delivery */
