/*
 * The bits of the control fields, by the SDM's names, without "use" and "enable" and some shortened
 * (SDM 3C, chapter "Virtual Machine Control Structures").  Which of them a processor has, the capability
 * MSRs say.
 *
 * For C and for assembly.
 */
#pragma once

#include <r33/bits.h>

/* PIN_BASED_VM_EXECUTION_CONTROLS: "Pin-Based VM-Execution Controls". */
#define PIN_EXTERNAL_INTERRUPT_EXITING BIT32(0)
#define PIN_NMI_EXITING                BIT32(3)
#define PIN_VIRTUAL_NMIS               BIT32(5)
#define PIN_PREEMPTION_TIMER           BIT32(6)
#define PIN_POSTED_INTERRUPTS          BIT32(7)

/* PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS: "Processor-Based VM-Execution Controls", table
 * "Definitions of Primary Processor-Based VM-Execution Controls". */
#define PRIMARY_INTERRUPT_WINDOW_EXITING    BIT32(2)
#define PRIMARY_TSC_OFFSETTING              BIT32(3)
#define PRIMARY_HLT_EXITING                 BIT32(7)
#define PRIMARY_INVLPG_EXITING              BIT32(9)
#define PRIMARY_MWAIT_EXITING               BIT32(10)
#define PRIMARY_RDPMC_EXITING               BIT32(11)
#define PRIMARY_RDTSC_EXITING               BIT32(12)
#define PRIMARY_CR3_LOAD_EXITING            BIT32(15)
#define PRIMARY_CR3_STORE_EXITING           BIT32(16)
#define PRIMARY_ACTIVATE_TERTIARY_CONTROLS  BIT32(17)
#define PRIMARY_CR8_LOAD_EXITING            BIT32(19)
#define PRIMARY_CR8_STORE_EXITING           BIT32(20)
#define PRIMARY_TPR_SHADOW                  BIT32(21)
#define PRIMARY_NMI_WINDOW_EXITING          BIT32(22)
#define PRIMARY_MOV_DR_EXITING              BIT32(23)
#define PRIMARY_UNCONDITIONAL_IO_EXITING    BIT32(24)
#define PRIMARY_IO_BITMAPS                  BIT32(25)
#define PRIMARY_MONITOR_TRAP_FLAG           BIT32(27)
#define PRIMARY_MSR_BITMAPS                 BIT32(28)
#define PRIMARY_MONITOR_EXITING             BIT32(29)
#define PRIMARY_PAUSE_EXITING               BIT32(30)
#define PRIMARY_ACTIVATE_SECONDARY_CONTROLS BIT32(31)

/* SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS: table "Definitions of Secondary Processor-Based
 * VM-Execution Controls". */
#define SECONDARY_VIRTUALIZE_APIC_ACCESSES     BIT32(0)
#define SECONDARY_EPT                          BIT32(1)
#define SECONDARY_DESCRIPTOR_TABLE_EXITING     BIT32(2)
#define SECONDARY_RDTSCP                       BIT32(3)
#define SECONDARY_VIRTUALIZE_X2APIC_MODE       BIT32(4)
#define SECONDARY_VPID                         BIT32(5)
#define SECONDARY_WBINVD_EXITING               BIT32(6)
#define SECONDARY_UNRESTRICTED_GUEST           BIT32(7)
#define SECONDARY_APIC_REGISTER_VIRTUALIZATION BIT32(8)
#define SECONDARY_VIRTUAL_INTERRUPT_DELIVERY   BIT32(9)
#define SECONDARY_PAUSE_LOOP_EXITING           BIT32(10)
#define SECONDARY_RDRAND_EXITING               BIT32(11)
#define SECONDARY_INVPCID                      BIT32(12)
#define SECONDARY_VM_FUNCTIONS                 BIT32(13)
#define SECONDARY_VMCS_SHADOWING               BIT32(14)
#define SECONDARY_ENCLS_EXITING                BIT32(15)
#define SECONDARY_RDSEED_EXITING               BIT32(16)
#define SECONDARY_PML                          BIT32(17)
#define SECONDARY_EPT_VIOLATION_VE             BIT32(18)
#define SECONDARY_CONCEAL_VMX_FROM_PT          BIT32(19)
#define SECONDARY_XSAVES                       BIT32(20) /* and XRSTORS */
#define SECONDARY_PASID_TRANSLATION            BIT32(21)
#define SECONDARY_MODE_BASED_EXECUTE_CONTROL   BIT32(22) /* for EPT */
#define SECONDARY_SUB_PAGE_WRITE_PERMISSIONS   BIT32(23) /* for EPT */
#define SECONDARY_PT_GUEST_PHYSICAL_ADDRESSES  BIT32(24)
#define SECONDARY_TSC_SCALING                  BIT32(25)
#define SECONDARY_USER_WAIT_AND_PAUSE          BIT32(26)
#define SECONDARY_PCONFIG                      BIT32(27)
#define SECONDARY_ENCLV_EXITING                BIT32(28)
#define SECONDARY_BUS_LOCK_DETECTION           BIT32(30)
#define SECONDARY_INSTRUCTION_TIMEOUT          BIT32(31)

/* TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 64 bits: table "Definitions of Tertiary Processor-Based
 * VM-Execution Controls". */
#define TERTIARY_LOADIWKEY_EXITING         BIT(0)
#define TERTIARY_HLAT                      BIT(1)
#define TERTIARY_EPT_PAGING_WRITE_CONTROL  BIT(2)
#define TERTIARY_GUEST_PAGING_VERIFICATION BIT(3)
#define TERTIARY_IPI_VIRTUALIZATION        BIT(4)
#define TERTIARY_MSR_LIST_INSTRUCTIONS     BIT(6)
#define TERTIARY_VIRTUALIZE_IA32_SPEC_CTRL BIT(7)

/* VM_EXIT_CONTROLS: "VM-Exit Controls", table "Definitions of Primary VM-Exit Controls". */
#define VM_EXIT_SAVE_DEBUG_CONTROLS         BIT32(2)
#define VM_EXIT_HOST_ADDRESS_SPACE_SIZE     BIT32(9)
#define VM_EXIT_LOAD_IA32_PERF_GLOBAL_CTRL  BIT32(12)
#define VM_EXIT_ACKNOWLEDGE_INTERRUPT       BIT32(15) /* on exit */
#define VM_EXIT_SAVE_IA32_PAT               BIT32(18)
#define VM_EXIT_LOAD_IA32_PAT               BIT32(19)
#define VM_EXIT_SAVE_IA32_EFER              BIT32(20)
#define VM_EXIT_LOAD_IA32_EFER              BIT32(21)
#define VM_EXIT_SAVE_PREEMPTION_TIMER       BIT32(22) /* its value */
#define VM_EXIT_CLEAR_IA32_BNDCFGS          BIT32(23)
#define VM_EXIT_CONCEAL_VMX_FROM_PT         BIT32(24)
#define VM_EXIT_CLEAR_IA32_RTIT_CTL         BIT32(25)
#define VM_EXIT_CLEAR_IA32_LBR_CTL          BIT32(26)
#define VM_EXIT_CLEAR_UINV                  BIT32(27)
#define VM_EXIT_LOAD_CET_STATE              BIT32(28)
#define VM_EXIT_LOAD_PKRS                   BIT32(29)
#define VM_EXIT_SAVE_IA32_PERF_GLOBAL_CTRL  BIT32(30)
#define VM_EXIT_ACTIVATE_SECONDARY_CONTROLS BIT32(31)

/* SECONDARY_VM_EXIT_CONTROLS, 64 bits: table "Definitions of Secondary VM-Exit Controls". */
#define SECONDARY_VM_EXIT_SAVE_FRED                     BIT(0)
#define SECONDARY_VM_EXIT_LOAD_FRED                     BIT(1)
#define SECONDARY_VM_EXIT_PREMATURELY_BUSY_SHADOW_STACK BIT(3)

/* VM_ENTRY_CONTROLS: "VM-Entry Controls", table "Definitions of VM-Entry Controls". */
#define VM_ENTRY_LOAD_DEBUG_CONTROLS        BIT32(2) /* DR7 and IA32_DEBUGCTL */
#define VM_ENTRY_IA32E_MODE_GUEST           BIT32(9)
#define VM_ENTRY_TO_SMM                     BIT32(10)
#define VM_ENTRY_DEACTIVATE_DUAL_MONITOR    BIT32(11) /* treatment */
#define VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL BIT32(13)
#define VM_ENTRY_LOAD_IA32_PAT              BIT32(14)
#define VM_ENTRY_LOAD_IA32_EFER             BIT32(15)
#define VM_ENTRY_LOAD_IA32_BNDCFGS          BIT32(16)
#define VM_ENTRY_CONCEAL_VMX_FROM_PT        BIT32(17)
#define VM_ENTRY_LOAD_IA32_RTIT_CTL         BIT32(18)
#define VM_ENTRY_LOAD_UINV                  BIT32(19)
#define VM_ENTRY_LOAD_CET_STATE             BIT32(20) /* IA32_S_CET, SSP, IA32_INTERRUPT_SSP_TABLE_ADDR */
#define VM_ENTRY_LOAD_IA32_LBR_CTL          BIT32(21)
#define VM_ENTRY_LOAD_PKRS                  BIT32(22)
#define VM_ENTRY_LOAD_FRED                  BIT32(23)
#define VM_ENTRY_LOAD_IA32_SPEC_CTRL        BIT32(24)

/* EPT_POINTER: "Extended-Page-Table Pointer (EPTP)". */
#define EPTP_MEMORY_TYPE    7            /* of the tables: one of MEMORY_TYPE_ in <r33/msr.h> */
#define EPTP_WALK_LENGTH    (7 * BIT(3)) /* minus 1 */
#define EPTP_FOUR_LEVELS    (3 * BIT(3))
#define EPTP_FIVE_LEVELS    (4 * BIT(3))
#define EPTP_ACCESSED_DIRTY BIT(6)
#define EPTP_SHADOW_STACKS  BIT(7) /* enforce access rights of supervisor shadow-stack pages */

/* A VMCS region's first 4 bytes: "Format of the VMCS Region". */
#define VMCS_REVISION         0x7fffffff /* as in IA32_VMX_BASIC */
#define VMCS_SHADOW_INDICATOR BIT32(31)
