/* Model-specific registers of the course (SDM 4, and SDM 3D appendix A for the VMX capability MSRs). */
#pragma once

#include <r33/bits.h>

#define IA32_APIC_BASE       0x1b
#define IA32_FEATURE_CONTROL 0x3a
#define IA32_SYSENTER_CS     0x174
#define IA32_SYSENTER_ESP    0x175
#define IA32_SYSENTER_EIP    0x176
#define IA32_PAT             0x277
#define IA32_EFER            0xc0000080
#define IA32_FS_BASE         0xc0000100

/* Used by the kernel and its guests. */
#define IA32_TIME_STAMP_COUNTER       0x10
#define IA32_DEBUGCTL                 0x1d9
#define IA32_PERF_GLOBAL_CTRL         0x38f
#define IA32_S_CET                    0x6a2
#define IA32_INTERRUPT_SSP_TABLE_ADDR 0x6a8
#define IA32_STAR                     0xc0000081
#define IA32_LSTAR                    0xc0000082
#define IA32_CSTAR                    0xc0000083
#define IA32_FMASK                    0xc0000084
#define IA32_GS_BASE                  0xc0000101
#define IA32_KERNEL_GS_BASE           0xc0000102

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
#define EFER_SCE BIT(0)  /* SYSCALL enable */
#define EFER_LME BIT(8)  /* IA-32e mode enable */
#define EFER_LMA BIT(10) /* IA-32e mode active */
#define EFER_NXE BIT(11) /* execute-disable enable */

/* IA32_FEATURE_CONTROL */
#define FEATURE_CONTROL_LOCK            BIT(0)
#define FEATURE_CONTROL_VMX_OUTSIDE_SMX BIT(2)

/* IA32_APIC_BASE */
#define APIC_BASE_EXTD BIT(10) /* x2APIC mode */
#define APIC_BASE_EN   BIT(11) /* xAPIC global enable */

/* IA32_DEBUGCTL */
#define DEBUGCTL_LBR BIT(0)  /* last-branch recording */
#define DEBUGCTL_BTF BIT(1)  /* single-step on branches */
#define DEBUGCTL_BLD BIT(2)  /* bus-lock detection */
#define DEBUGCTL_RTM BIT(15) /* debugging of transactional regions */

/* IA32_S_CET */
#define S_CET_SH_STK_EN BIT(0) /* shadow stacks */
#define S_CET_SUPPRESS  BIT(10)
#define S_CET_TRACKER   BIT(11)

/* Memory types in IA32_PAT and in extended page tables. */
#define MEMORY_TYPE_UC 0
#define MEMORY_TYPE_WC 1
#define MEMORY_TYPE_WB 6

/* IA32_VMX_BASIC (SDM 3D, "Basic VMX Information"); the VMCS revision identifier: VMCS_REVISION in
 * <r33/controls.h> */
#define VMX_BASIC_32_BIT_ADDRESSES BIT(48) /* of the structures that VMX uses */
#define VMX_BASIC_TRUE_CONTROLS    BIT(55) /* there are IA32_VMX_TRUE_..._CTLS */
#define VMX_BASIC_ANY_ERROR_CODE \
	BIT(56) /* injected hardware exceptions may come with or without one */

/* IA32_VMX_MISC (SDM 3D, "Miscellaneous Data") */
#define VMX_MISC_TIMER_RATE \
	0x1f /* the VMX-preemption timer ticks when this bit of the TSC changes */
#define VMX_MISC_VMWRITE_ANY_FIELD BIT(29)
#define VMX_MISC_LENGTH_0          BIT(30) /* of instructions whose software events are injected */

/* IA32_VMX_EPT_VPID_CAP (SDM 3D, "VPID and EPT Capabilities") */
#define EPT_CAP_FOUR_LEVELS    BIT(6)
#define EPT_CAP_FIVE_LEVELS    BIT(7)
#define EPT_CAP_UC             BIT(8)
#define EPT_CAP_WB             BIT(14)
#define EPT_CAP_ACCESSED_DIRTY BIT(21)
#define EPT_CAP_SHADOW_STACKS  BIT(23)
