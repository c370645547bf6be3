/* Cases for activity state, interruptibility state and pending debug exceptions. */
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>

#include "rule_case.h"

#define ACTIVITY           GUEST_ACTIVITY_STATE
#define INTERRUPTIBILITY   GUEST_INTERRUPTIBILITY_STATE
#define PENDING            GUEST_PENDING_DEBUG_EXCEPTIONS
#define EVENT              VM_ENTRY_INTERRUPTION_INFORMATION
#define INJECTED_NMI       0x80000202
#define INJECTED_DB        0x80000301
#define INJECTED_UD        0x80000306
#define INJECTED_MC        0x80000312
#define INJECTED_INTERRUPT 0x80000012 /* 18: where a hardware exception would be #MC */

/* A case a line. */
/* clang-format off */

/* Pending single-steps; base: one with blocking by BLOCKING_BY_STI or MOV SS, or in HLT. */
#define SINGLE_STEP_CASES(name, base) \
	{ "PDBG-BS-SET-" name, base, { BITS(GUEST_RFLAGS, RFLAGS_TF) }, { BITS(GUEST_RFLAGS, RFLAGS_TF), BITS(PENDING, PENDING_BS) } }, \
	{ "PDBG-BS-CLR-" name, base, { BITS(PENDING, PENDING_BS) }, { { 0 } } }, \
	{ "PDBG-BS-CLR-" name, base, { BITS(PENDING, PENDING_BS), BITS(GUEST_RFLAGS, RFLAGS_TF), SET(GUEST_IA32_DEBUGCTL, DEBUGCTL_BTF) }, \
		{ BITS(GUEST_RFLAGS, RFLAGS_TF), SET(GUEST_IA32_DEBUGCTL, DEBUGCTL_BTF) } }

static const struct rule_case cases[] = {
	{ "ACT-RANGE", "64-bit", { SET(ACTIVITY, 4) }, { SET(ACTIVITY, 1) } },
	{ "ACT-RANGE", "64-bit", { SET(ACTIVITY, 0xffffffff) }, { SET(ACTIVITY, 2) } },
	{ "ACT-HLT-DPL", "user", { SET(ACTIVITY, 1) }, { SET(ACTIVITY, 2) } },
	{ "ACT-STI", "sti", { SET(ACTIVITY, 1) }, { { 0 } } },
	{ "ACT-STI", "sti", { SET(ACTIVITY, 2) }, { { 0 } } },
	{ "ACT-MOVSS", "mov-ss", { SET(ACTIVITY, 1) }, { { 0 } } },
	{ "ACT-MOVSS", "mov-ss", { SET(ACTIVITY, 3) }, { { 0 } } },
	{ "ACT-HLT-INJ", "hlt", { SET(EVENT, INJECTED_UD) }, { SET(EVENT, INJECTED_DB) } },
	{ "ACT-HLT-INJ", "hlt", { SET(EVENT, 0x80000480), SET(VM_ENTRY_INSTRUCTION_LENGTH, 2) }, { SET(EVENT, INJECTED_MC) } },
	{ "ACT-HLT-INJ", "hlt", { SET(EVENT, 0x80000300) }, { SET(EVENT, INJECTED_NMI) } },
	{ "ACT-SHUTDOWN-INJ", "shutdown", { SET(EVENT, INJECTED_UD) }, { SET(EVENT, INJECTED_MC) } },
	{ "ACT-SHUTDOWN-INJ", "shutdown", { SET(EVENT, INJECTED_INTERRUPT), BITS(GUEST_RFLAGS, RFLAGS_IF) }, { SET(EVENT, INJECTED_NMI) } },
	{ "ACT-SIPI-INJ", "64-bit", { SET(ACTIVITY, 3), SET(EVENT, INJECTED_NMI) }, { SET(ACTIVITY, 2), SET(EVENT, INJECTED_NMI) } },
	{ "INT-RSVD", "64-bit", { SET(INTERRUPTIBILITY, BIT(5)) }, { SET(INTERRUPTIBILITY, BLOCKING_BY_NMI) } },
	{ "INT-RSVD", "64-bit", { SET(INTERRUPTIBILITY, BIT(31)) }, { { 0 } } },
	{ "INT-STI-MOVSS", "sti", { SET(INTERRUPTIBILITY, BLOCKING_BY_STI | BLOCKING_BY_MOV_SS) }, { SET(INTERRUPTIBILITY, BLOCKING_BY_MOV_SS) } },
	{ "INT-STI-IF", "sti", { CLEAR(GUEST_RFLAGS, RFLAGS_IF) }, { { 0 } } },
	{ "INT-EXTINT-STI", "interrupt", { SET(INTERRUPTIBILITY, BLOCKING_BY_STI) }, { SET(INTERRUPTIBILITY, BLOCKING_BY_NMI) } },
	{ "INT-EXTINT-MOVSS", "interrupt", { SET(INTERRUPTIBILITY, BLOCKING_BY_MOV_SS) }, { { 0 } } },
	{ "INT-NMI-MOVSS", "nmi", { SET(INTERRUPTIBILITY, BLOCKING_BY_MOV_SS) }, { { 0 } } },
	{ "INT-NMI-STI", "nmi", { SET(INTERRUPTIBILITY, BLOCKING_BY_STI), BITS(GUEST_RFLAGS, RFLAGS_IF) }, { BITS(GUEST_RFLAGS, RFLAGS_IF) } },
	{ "INT-SMI-NOSMM", "64-bit", { SET(INTERRUPTIBILITY, BLOCKING_BY_SMI) }, { { 0 } } },
	{ "INT-NMI-VNMI", "virtual-nmi", { SET(INTERRUPTIBILITY, BLOCKING_BY_NMI) }, { SET(INTERRUPTIBILITY, BLOCKING_BY_NMI) }, "nmi" },
	{ "INT-ENCLAVE-SGX", "64-bit", { SET(INTERRUPTIBILITY, ENCLAVE_INTERRUPTION) }, { { 0 } } },
	{ "PDBG-RSVD-LOW", "64-bit", { SET(PENDING, BIT(4)) }, { SET(PENDING, 0x100f) } },
	{ "PDBG-RSVD-LOW", "64-bit", { SET(PENDING, BIT(10)) }, { { 0 } } },
	{ "PDBG-RSVD-LOW", "64-bit", { SET(PENDING, BIT(13)) }, { { 0 } } },
	{ "PDBG-RSVD-LOW", "64-bit", { SET(PENDING, BIT(15)) }, { SET(PENDING, PENDING_BS) } },
	{ "PDBG-RSVD-31-17", "64-bit", { SET(PENDING, BIT(17)) }, { { 0 } } },
	{ "PDBG-RSVD-31-17", "64-bit", { SET(PENDING, BIT(31)) }, { { 0 } } },
	{ "PDBG-RSVD-63-32", "64-bit", { SET(PENDING, BIT(32)) }, { { 0 } } },
	{ "PDBG-RSVD-63-32", "64-bit", { SET(PENDING, BIT(63)) }, { { 0 } } },
	{ "PDBG-RTM-CPU", "64-bit", { SET(PENDING, BIT(16) | BIT(12)) }, { SET(PENDING, BIT(12)) } },
	SINGLE_STEP_CASES("STI", "sti"),
	SINGLE_STEP_CASES("MOVSS", "mov-ss"),
	SINGLE_STEP_CASES("HLT", "hlt"),
};
/* clang-format on */

const struct rule_case_group non_register_cases = CASE_GROUP(cases);
