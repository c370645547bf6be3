/* The bits of CR0, CR3 and CR4 (SDM 3A, section "Control Registers"). */
#pragma once

#define CR0_PE (1ull << 0)  /* protection enable: 0 = real mode */
#define CR0_MP (1ull << 1)  /* monitor coprocessor */
#define CR0_EM (1ull << 2)  /* emulation: no x87 */
#define CR0_TS (1ull << 3)  /* task switched */
#define CR0_ET (1ull << 4)  /* extension type, always 1 on processors with VMX */
#define CR0_NE (1ull << 5)  /* numeric error: x87 errors as exceptions */
#define CR0_WP (1ull << 16) /* write protect: also for CPL 0 */
#define CR0_AM (1ull << 18) /* alignment mask */
#define CR0_NW (1ull << 29) /* not write-through; VM entry never checks it */
#define CR0_CD (1ull << 30) /* cache disable; VM entry never checks it */
#define CR0_PG (1ull << 31) /* paging */

#define CR3_PWT (1ull << 3) /* page-level write-through */
#define CR3_PCD (1ull << 4) /* page-level cache disable */

#define CR4_VME        (1ull << 0)  /* virtual-8086 mode extensions */
#define CR4_PVI        (1ull << 1)  /* protected-mode virtual interrupts */
#define CR4_TSD        (1ull << 2)  /* time stamp disable: RDTSC at CPL 0 only */
#define CR4_DE         (1ull << 3)  /* debugging extensions */
#define CR4_PSE        (1ull << 4)  /* page size extensions: 4 MiB pages */
#define CR4_PAE        (1ull << 5)  /* physical address extension */
#define CR4_MCE        (1ull << 6)  /* machine-check enable */
#define CR4_PGE        (1ull << 7)  /* page global enable */
#define CR4_PCE        (1ull << 8)  /* performance counter enable: RDPMC at any CPL */
#define CR4_OSFXSR     (1ull << 9)  /* the OS knows FXSAVE: SSE works */
#define CR4_OSXMMEXCPT (1ull << 10) /* the OS handles #XM */
#define CR4_UMIP       (1ull << 11) /* user-mode instruction prevention */
#define CR4_LA57       (1ull << 12) /* 57-bit linear addresses */
#define CR4_VMXE       (1ull << 13) /* VMX enable */
#define CR4_SMXE       (1ull << 14) /* SMX enable */
#define CR4_FSGSBASE   (1ull << 16) /* RDFSBASE and its kin */
#define CR4_PCIDE      (1ull << 17) /* process-context identifiers; IA-32e mode only */
#define CR4_OSXSAVE    (1ull << 18) /* XSAVE and XCR0 */
#define CR4_SMEP       (1ull << 20) /* supervisor-mode execution prevention */
#define CR4_SMAP       (1ull << 21) /* supervisor-mode access prevention */
#define CR4_PKE        (1ull << 22) /* protection keys for user pages */
#define CR4_CET        (1ull << 23) /* control-flow enforcement; needs CR0.WP */
#define CR4_PKS        (1ull << 24) /* protection keys for supervisor pages */
