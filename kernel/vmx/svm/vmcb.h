/*
 * The virtual-machine control block (APM 2, appendix B), as QEMU's TCG has it: what VMRUN takes and #VMEXIT
 * leaves.  Processors that have more leave the rest 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <r33/bits.h>

struct vmcb_segment {
	uint16_t selector;
	uint16_t attributes; /* access rights bits 7:0, and 15:12 as bits 11:8 */
	uint32_t limit;
	uint64_t base;
};

#define ATTRIBUTE_P  BIT32(7)
#define ATTRIBUTE_L  BIT32(9)
#define ATTRIBUTE_DB BIT32(10)

/* In the order of the save area; the first six as instructions encode them. */
enum vmcb_segment_index {
	VMCB_ES,
	VMCB_CS,
	VMCB_SS,
	VMCB_DS,
	VMCB_FS,
	VMCB_GS,
	VMCB_GDTR,
	VMCB_LDTR,
	VMCB_IDTR,
	VMCB_TR,
	VMCB_SEGMENTS
};

struct vmcb {
	/* Control area. */
	uint16_t intercept_cr_read, intercept_cr_write;
	uint16_t intercept_dr_read, intercept_dr_write;
	uint32_t intercept_exceptions;
	uint32_t intercepts;      /* INTERCEPT_..., the first word */
	uint32_t intercepts_more; /* ... and the second */
	uint8_t reserved0[0x40 - 0x14];
	uint64_t io_map, msr_map; /* physical addresses */
	uint64_t tsc_offset;
	uint32_t asid;
	uint8_t tlb_control;
	uint8_t reserved1[3];
	uint64_t virtual_interrupt; /* V_... */
	uint64_t interrupt_shadow;
	uint64_t exit_code, exit_info1, exit_info2;
	uint64_t exit_interrupt_info; /* the event that was being delivered, as event_injection */
	uint64_t nested_control;
	uint8_t reserved2[0xa8 - 0x98];
	uint64_t event_injection;
	uint64_t nested_cr3;
	uint8_t reserved3[0x400 - 0xb8];
	/* State save area. */
	struct vmcb_segment segments[VMCB_SEGMENTS];
	uint8_t reserved4[0x4cb - 0x4a0];
	uint8_t cpl;
	uint32_t reserved5;
	uint64_t efer;
	uint8_t reserved6[0x548 - 0x4d8];
	uint64_t cr4, cr3, cr0;
	uint64_t dr7, dr6;
	uint64_t rflags, rip;
	uint8_t reserved7[0x5d8 - 0x580];
	uint64_t rsp;
	uint8_t reserved8[0x5f8 - 0x5e0];
	uint64_t rax;
	/* VMLOAD and VMSAVE: these, and FS, GS, LDTR, TR. */
	uint64_t star, lstar, cstar, fmask;
	uint64_t kernel_gs_base;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip;
	uint64_t cr2;
	uint8_t reserved9[0x1000 - 0x648];
};
_Static_assert(offsetof(struct vmcb, io_map) == 0x40, "IOPM_BASE_PA");
_Static_assert(offsetof(struct vmcb, virtual_interrupt) == 0x60, "V_TPR");
_Static_assert(offsetof(struct vmcb, exit_code) == 0x70, "EXITCODE");
_Static_assert(offsetof(struct vmcb, nested_cr3) == 0xb0, "N_CR3");
_Static_assert(offsetof(struct vmcb, segments) == 0x400, "state save area");
_Static_assert(offsetof(struct vmcb, efer) == 0x4d0, "EFER");
_Static_assert(offsetof(struct vmcb, cr4) == 0x548, "CR4");
_Static_assert(offsetof(struct vmcb, rip) == 0x578, "RIP");
_Static_assert(offsetof(struct vmcb, rsp) == 0x5d8, "RSP");
_Static_assert(offsetof(struct vmcb, rax) == 0x5f8, "RAX");
_Static_assert(offsetof(struct vmcb, cr2) == 0x640, "CR2");
_Static_assert(sizeof(struct vmcb) == 0x1000, "a page");

#define EFER_SVME BIT(12)

#define INTERCEPT_INTR     BIT32(0)
#define INTERCEPT_NMI      BIT32(1)
#define INTERCEPT_VINTR    BIT32(4)
#define INTERCEPT_TABLES   (0xff * BIT32(6)) /* SGDT, SIDT, SLDT, STR, LGDT, LIDT, LLDT, LTR */
#define INTERCEPT_RDTSC    BIT32(14)
#define INTERCEPT_RDPMC    BIT32(15)
#define INTERCEPT_PUSHF    BIT32(16)
#define INTERCEPT_CPUID    BIT32(18)
#define INTERCEPT_RSM      BIT32(19)
#define INTERCEPT_IRET     BIT32(20)
#define INTERCEPT_INTN     BIT32(21)
#define INTERCEPT_INVD     BIT32(22)
#define INTERCEPT_PAUSE    BIT32(23)
#define INTERCEPT_HLT      BIT32(24)
#define INTERCEPT_INVLPG   BIT32(25)
#define INTERCEPT_INVLPGA  BIT32(26)
#define INTERCEPT_IO       BIT32(27)
#define INTERCEPT_MSR      BIT32(28)
#define INTERCEPT_TASK     BIT32(29)
#define INTERCEPT_SHUTDOWN BIT32(31)
#define INTERCEPT_SVM      0x7f /* VMRUN, VMMCALL, VMLOAD, VMSAVE, STGI, CLGI, SKINIT */
#define INTERCEPT_RDTSCP   BIT32(7)
#define INTERCEPT_ICEBP    BIT32(8)
#define INTERCEPT_WBINVD   BIT32(9)
#define INTERCEPT_MONITOR  BIT32(10)
#define INTERCEPT_MWAIT    BIT32(11)
#define INTERCEPT_XSETBV   BIT32(13)

#define V_IRQ          BIT(8)
#define V_PRIORITY     (0xf * BIT(16))
#define V_IGNORE_TPR   BIT(20)
#define V_INTR_MASKING BIT(24)

#define NESTED_PAGING BIT(0)

/* Of event_injection: vector in bits 7:0, error code in bits 63:32. */
#define SVM_EVENT_TYPE       (7 * BIT(8))
#define SVM_EVENT_INTERRUPT  (0 * BIT(8))
#define SVM_EVENT_NMI        (2 * BIT(8))
#define SVM_EVENT_EXCEPTION  (3 * BIT(8))
#define SVM_EVENT_SOFTWARE   (4 * BIT(8))
#define SVM_EVENT_ERROR_CODE BIT(11)
#define SVM_EVENT_VALID      BIT(31)

/* APM 2, appendix C, "SVM Intercept Exit Codes". */
enum svm_exit_code {
	SVM_EXIT_CR_READ = 0x00,
	SVM_EXIT_CR_WRITE = 0x10,
	SVM_EXIT_DR_READ = 0x20,
	SVM_EXIT_DR_WRITE = 0x30,
	SVM_EXIT_EXCEPTION = 0x40,
	SVM_EXIT_INTR = 0x60,
	SVM_EXIT_NMI = 0x61,
	SVM_EXIT_VINTR = 0x64,
	SVM_EXIT_IDTR_READ = 0x66,
	SVM_EXIT_GDTR_READ,
	SVM_EXIT_LDTR_READ,
	SVM_EXIT_TR_READ,
	SVM_EXIT_IDTR_WRITE,
	SVM_EXIT_GDTR_WRITE,
	SVM_EXIT_LDTR_WRITE,
	SVM_EXIT_TR_WRITE,
	SVM_EXIT_RDTSC = 0x6e,
	SVM_EXIT_RDPMC = 0x6f,
	SVM_EXIT_PUSHF = 0x70,
	SVM_EXIT_CPUID = 0x72,
	SVM_EXIT_RSM = 0x73,
	SVM_EXIT_IRET = 0x74,
	SVM_EXIT_INTN = 0x75,
	SVM_EXIT_INVD = 0x76,
	SVM_EXIT_PAUSE = 0x77,
	SVM_EXIT_HLT = 0x78,
	SVM_EXIT_INVLPG = 0x79,
	SVM_EXIT_INVLPGA = 0x7a,
	SVM_EXIT_IO = 0x7b,
	SVM_EXIT_MSR = 0x7c,
	SVM_EXIT_SHUTDOWN = 0x7f,
	SVM_EXIT_VMRUN = 0x80,
	SVM_EXIT_SKINIT = 0x86,
	SVM_EXIT_RDTSCP = 0x87,
	SVM_EXIT_ICEBP = 0x88,
	SVM_EXIT_WBINVD = 0x89,
	SVM_EXIT_MONITOR = 0x8a,
	SVM_EXIT_MWAIT = 0x8b,
	SVM_EXIT_MWAIT_ARMED = 0x8c,
	SVM_EXIT_XSETBV = 0x8d,
	SVM_EXIT_NESTED_PAGE_FAULT = 0x400,
};
#define SVM_EXIT_INVALID 0xffffffffu /* the lower half: VMRUN refused the state */
