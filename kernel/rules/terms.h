/*
 * The terms of rules, for code that explains them: what the numbers and bits in struct rule stand for.  The fields
 * that rules look at, the conditions under which they apply, and what they take from the processor.
 */
#pragma once

#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "rules/rules.h"

/* clang-format off */
/* The segment registers' fields are in the order of enum segment: F_GUEST_ES_x + segment is the
 * register's. */
#define SEGMENT_FIELDS(X, kind) \
	X(GUEST_ES_##kind) X(GUEST_CS_##kind) X(GUEST_SS_##kind) X(GUEST_DS_##kind) \
	X(GUEST_FS_##kind) X(GUEST_GS_##kind) X(GUEST_LDTR_##kind) X(GUEST_TR_##kind)
#define RULE_FIELDS(X) \
	X(GUEST_CR0) X(GUEST_CR3) X(GUEST_CR4) \
	X(PIN_BASED_VM_EXECUTION_CONTROLS) X(PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) \
	X(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) X(VM_EXIT_CONTROLS) X(VM_ENTRY_CONTROLS) \
	X(VM_ENTRY_INTERRUPTION_INFORMATION) X(VM_ENTRY_EXCEPTION_ERROR_CODE) \
	X(VM_ENTRY_INSTRUCTION_LENGTH) \
	SEGMENT_FIELDS(X, SELECTOR) SEGMENT_FIELDS(X, BASE) \
	SEGMENT_FIELDS(X, LIMIT) SEGMENT_FIELDS(X, ACCESS_RIGHTS) \
	X(GUEST_GDTR_BASE) X(GUEST_IDTR_BASE) X(GUEST_GDTR_LIMIT) X(GUEST_IDTR_LIMIT) \
	X(GUEST_DR7) X(GUEST_IA32_DEBUGCTL) X(GUEST_IA32_SYSENTER_ESP) X(GUEST_IA32_SYSENTER_EIP) \
	X(GUEST_IA32_PERF_GLOBAL_CTRL) X(GUEST_IA32_PAT) X(GUEST_IA32_EFER) X(GUEST_IA32_BNDCFGS) \
	X(GUEST_IA32_RTIT_CTL) X(GUEST_IA32_LBR_CTL) X(GUEST_IA32_S_CET) X(GUEST_SSP) \
	X(GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR) X(GUEST_IA32_PKRS) X(GUEST_UINV) \
	X(GUEST_IA32_FRED_CONFIG) \
	X(GUEST_IA32_FRED_RSP1) X(GUEST_IA32_FRED_RSP2) X(GUEST_IA32_FRED_RSP3) \
	X(GUEST_IA32_FRED_SSP1) X(GUEST_IA32_FRED_SSP2) X(GUEST_IA32_FRED_SSP3) \
	X(GUEST_IA32_SPEC_CTRL) \
	X(GUEST_RIP) X(GUEST_RFLAGS) \
	X(GUEST_ACTIVITY_STATE) X(GUEST_INTERRUPTIBILITY_STATE) X(GUEST_PENDING_DEBUG_EXCEPTIONS) \
	X(VMCS_LINK_POINTER) X(EXECUTIVE_VMCS_POINTER) \
	X(GUEST_PDPTE0) X(GUEST_PDPTE1) X(GUEST_PDPTE2) X(GUEST_PDPTE3) \
	X(VM_ENTRY_MSR_LOAD_COUNT) X(VM_ENTRY_MSR_LOAD_ADDRESS) \
	X(EPT_POINTER) X(VIRTUAL_PROCESSOR_ID) X(CR3_TARGET_COUNT) X(TPR_THRESHOLD) \
	X(VIRTUAL_APIC_ADDRESS) X(APIC_ACCESS_ADDRESS) \
	X(VMREAD_BITMAP_ADDRESS) X(VMWRITE_BITMAP_ADDRESS) X(PML_ADDRESS) \
	X(IO_BITMAP_A_ADDRESS) X(IO_BITMAP_B_ADDRESS) X(MSR_BITMAP_ADDRESS) X(TSC_MULTIPLIER) \
	X(POSTED_INTERRUPT_NOTIFICATION_VECTOR) X(POSTED_INTERRUPT_DESCRIPTOR_ADDRESS) \
	X(VM_EXIT_MSR_STORE_COUNT) X(VM_EXIT_MSR_STORE_ADDRESS) \
	X(VM_EXIT_MSR_LOAD_COUNT) X(VM_EXIT_MSR_LOAD_ADDRESS) \
	X(TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS)
/* clang-format on */

/* Numbers from 1: 0 ends a rule's list of fields. */
#define RULE_FIELD_ENUM(name) F_##name,
enum rule_field { F_NONE, RULE_FIELDS(RULE_FIELD_ENUM) RULE_FIELD_COUNT };
#undef RULE_FIELD_ENUM

enum segment { ES, CS, SS, DS, FS, GS, LDTR, TR };

/* When a rule applies.  conditions.c says what each means. */
enum rule_condition {
	IA32E_MODE_GUEST,
	UNRESTRICTED_GUEST,
	VIRTUAL_8086,
	LOAD_DEBUG_CONTROLS,
	LOAD_PERF_GLOBAL_CTRL,
	LOAD_PAT,
	LOAD_EFER,
	LOAD_BNDCFGS,
	LOAD_RTIT_CTL,
	LOAD_UINV,
	LOAD_CET,
	LOAD_LBR_CTL,
	LOAD_PKRS,
	LOAD_FRED,
	LOAD_SPEC_CTRL,
	PROTECTED_MODE, /* CR0.PE = 1 */
	PAGING,         /* CR0.PG = 1 */
	PAE_PAGING,
	CODE_64BIT, /* IA-32e mode guest and CS.L = 1 */
	FRED,       /* CR4.FRED = 1 */
	ES_USABLE,  /* ES_USABLE + segment; for CS and TR no rule asks */
	CS_USABLE,
	SS_USABLE,
	DS_USABLE,
	FS_USABLE,
	GS_USABLE,
	LDTR_USABLE,
	CS_IS_DATA,       /* type 3 */
	CS_NONCONFORMING, /* types 9 and 11 */
	CS_CONFORMING,    /* types 13 and 15 */
	SS_DPL_0,
	SS_DPL_3,
	EVENT_INJECTED,
	EXTERNAL_INTERRUPT_INJECTED,
	NMI_INJECTED,
	SOFTWARE_EVENT_INJECTED, /* types 4, 5 and 6 */
	ERROR_CODE_DELIVERED,
	HLT_STATE,
	SHUTDOWN_STATE,
	WAIT_FOR_SIPI_STATE,
	STI_BLOCKING,
	MOV_SS_BLOCKING,
	INTERRUPTED_ENCLAVE,
	SINGLE_STEPPING, /* RFLAGS.TF = 1 and IA32_DEBUGCTL.BTF = 0 */
	RTM_DEBUG,       /* pending debug exceptions bit 16 */
	LINK_POINTER_USED,
	IN_SMM,
	ENTRY_TO_SMM,
	ENABLE_EPT,
	ENABLE_VPID,
	ENABLE_PML,
	VIRTUAL_NMIS,
	NMI_WINDOW_EXITING,
	VMCS_SHADOWING,
	TPR_SHADOW,
	VIRTUAL_INTERRUPT_DELIVERY,
	TSC_SCALING,
	IO_BITMAPS,
	MSR_BITMAPS,
	MSR_LOAD_AREA, /* the MSR-load count is not 0 */
	SECONDARY_CONTROLS,
	TERTIARY_CONTROLS,
	RULE_CONDITION_COUNT
};
_Static_assert(RULE_CONDITION_COUNT <= 64, "conditions are bits of one word");

#define ON(condition) (1ull << (condition))

/* What a rule takes from the processor; bits of rule->needs. */
enum capability {
	NEEDS_CR0_FIXED,
	NEEDS_CR4_FIXED,
	NEEDS_PHYSICAL_ADDRESS_WIDTH,
	NEEDS_LINEAR_ADDRESS_WIDTH,
	NEEDS_REVISION,   /* IA32_VMX_BASIC */
	NEEDS_MISC,       /* IA32_VMX_MISC */
	NEEDS_CONTROLS,   /* the allowed settings */
	NEEDS_EPT,        /* IA32_VMX_EPT_VPID_CAP */
	NEEDS_MSR_BITS,   /* which bits IA32_DEBUGCTL, IA32_EFER, IA32_PERF_GLOBAL_CTRL, ... have */
	NEEDS_EXTENSIONS, /* CPUID: SGX, RTM, bus-lock detection, LAM */
	CAPABILITY_COUNT
};

/* The conditions that depend on a field. */
uint64_t conditions_of_field(enum rule_field field);

/* What a state tells: which fields, and which conditions (bits 1 << enum rule_condition) are true or false.
 * Of those that are neither, that is not known. */
struct rule_terms {
	bool known[RULE_FIELD_COUNT]; /* by enum rule_field */
	uint64_t true_conditions;
	uint64_t false_conditions;
};
void rule_terms_find(const struct rule_input *input, struct rule_terms *terms);
