/* Model-specific registers of the course (SDM 4, and SDM 3D appendix A for the VMX capability MSRs). */
#pragma once

#define IA32_APIC_BASE       0x1b
#define IA32_FEATURE_CONTROL 0x3a
#define IA32_SYSENTER_CS     0x174
#define IA32_SYSENTER_ESP    0x175
#define IA32_SYSENTER_EIP    0x176
#define IA32_PAT             0x277
#define IA32_EFER            0xc0000080
#define IA32_FS_BASE         0xc0000100

/* Used by the kernel and its guests. */
#define IA32_PERF_GLOBAL_CTRL         0x38f
#define IA32_S_CET                    0x6a2
#define IA32_INTERRUPT_SSP_TABLE_ADDR 0x6a8
#define IA32_STAR                     0xc0000081
#define IA32_LSTAR                    0xc0000082
#define IA32_FMASK                    0xc0000084

#define IA32_VMX_BASIC           0x480
#define IA32_VMX_PINBASED_CTLS   0x481
#define IA32_VMX_PROCBASED_CTLS  0x482
#define IA32_VMX_EXIT_CTLS       0x483
#define IA32_VMX_ENTRY_CTLS      0x484
#define IA32_VMX_MISC            0x485
#define IA32_VMX_CR0_FIXED0      0x486 /* 1 = the bit must be 1 */
#define IA32_VMX_CR0_FIXED1      0x487 /* 0 = the bit must be 0 */
#define IA32_VMX_CR4_FIXED0      0x488 /* 1 = the bit must be 1 */
#define IA32_VMX_CR4_FIXED1      0x489 /* 0 = the bit must be 0 */
#define IA32_VMX_VMCS_ENUM       0x48a
#define IA32_VMX_PROCBASED_CTLS2 0x48b /* only if IA32_VMX_PROCBASED_CTLS bit 63 is 1 */
#define IA32_VMX_EPT_VPID_CAP    0x48c
#define IA32_VMX_TRUE_PINBASED_CTLS \
	0x48d /* this and the next three: only if IA32_VMX_BASIC bit 55 is 1 */
#define IA32_VMX_TRUE_PROCBASED_CTLS 0x48e
#define IA32_VMX_TRUE_EXIT_CTLS      0x48f
#define IA32_VMX_TRUE_ENTRY_CTLS     0x490
#define IA32_VMX_PROCBASED_CTLS3     0x492 /* only if IA32_VMX_PROCBASED_CTLS bit 49 is 1 */

/* IA32_EFER */
#define EFER_SCE (1ull << 0)  /* SYSCALL enable */
#define EFER_LME (1ull << 8)  /* IA-32e mode enable */
#define EFER_LMA (1ull << 10) /* IA-32e mode active */
#define EFER_NXE (1ull << 11) /* execute-disable enable */

/* IA32_FEATURE_CONTROL */
#define FEATURE_CONTROL_LOCK            (1ull << 0)
#define FEATURE_CONTROL_VMX_OUTSIDE_SMX (1ull << 2)
