/*
 * The rules on the event that VM entry injects: SDM 3C 27.2.1.3, "VM-Entry Control Fields".  They
 * are on control fields, so a violation is a VMfail; what the event demands of guest state is in
 * entry_point.c, activity.c and interruptibility.c.
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/msr.h>

#include "rules/state.h"

/* VM-entry interruption information. */
#define VECTOR_ABOVE_31     0xe0ull
#define RESERVED            0x7ffff000ull
#define NESTED_EXCEPTION    (1ull << 13) /* with FRED */
#define ERROR_CODE_RESERVED 0xffffffffffff0000ull
#define LENGTH_MAX          15

#define RESERVED_TYPE   BIT(8)
#define FRED_VECTOR_MAX 2

/* #DF, #TS, #NP, #SS, #GP, #PF and #AC. */
#define VECTORS_WITH_ERROR_CODE \
	(BIT(VECTOR_DF) | BIT(VECTOR_TS) | BIT(VECTOR_NP) | BIT(VECTOR_SS) | BIT(VECTOR_GP) | \
	        BIT(VECTOR_PF) | BIT(VECTOR_AC))

static unsigned
injected_type(const struct rule_state *state)
{
	return FIELD(state, VM_ENTRY_INTERRUPTION_INFORMATION) & EVENT_TYPE;
}

static unsigned
injected_vector(const struct rule_state *state)
{
	return FIELD(state, VM_ENTRY_INTERRUPTION_INFORMATION) & EVENT_VECTOR;
}

static bool
has_fred(const struct rule_state *state)
{
	return state->capabilities->cr4_fixed1 & CR4_FRED;
}

static bool
has_mtf(const struct rule_state *state)
{
	return state->capabilities->primary.may_be_one & PRIMARY_MONITOR_TRAP_FLAG;
}

static uint64_t
reserved_type(struct rule_state *state, unsigned index)
{
	unsigned type = injected_type(state);

	(void)index;
	return type == RESERVED_TYPE || (type == EVENT_OTHER && !has_mtf(state)) ? EVENT_TYPE : 0;
}

/* Type 7 is looked at where the event is injected, and there it is a panic. */
static bool
bochs_reserved_type(struct rule_state *state, unsigned index)
{
	(void)index;
	return injected_type(state) == EVENT_OTHER;
}

static uint64_t
nmi_vector(struct rule_state *state, unsigned index)
{
	(void)index;
	return injected_vector(state) ^ VECTOR_NMI;
}

static uint64_t
exception_vector(struct rule_state *state, unsigned index)
{
	(void)index;
	return injected_type(state) == EVENT_HARDWARE_EXCEPTION
	               ? injected_vector(state) & VECTOR_ABOVE_31
	               : 0;
}

static uint64_t
other_vector(struct rule_state *state, unsigned index)
{
	unsigned maximum = has_fred(state) ? FRED_VECTOR_MAX : 0;

	(void)index;
	if (injected_type(state) != EVENT_OTHER || !has_mtf(state))
		return 0;
	return injected_vector(state) > maximum ? injected_vector(state) : 0;
}

static uint64_t
error_code_flag(struct rule_state *state, unsigned index)
{
	uint64_t flag = FIELD(state, VM_ENTRY_INTERRUPTION_INFORMATION) & EVENT_ERROR_CODE;
	unsigned vector = injected_vector(state);
	bool protected_mode = !holds(state, UNRESTRICTED_GUEST) || FIELD(state, GUEST_CR0) & CR0_PE;

	(void)index;
	if (injected_type(state) != EVENT_HARDWARE_EXCEPTION || !protected_mode)
		return flag;
	if (state->capabilities->vmx_basic & VMX_BASIC_ANY_ERROR_CODE)
		return 0;
	return flag ^ (vector < 32 && VECTORS_WITH_ERROR_CODE >> vector & 1 ? EVENT_ERROR_CODE : 0);
}

/* With CET it makes no check of the flag at all. */
static bool
bochs_error_code_flag(struct rule_state *state, unsigned index)
{
	(void)index;
	return state->capabilities->cr4_fixed1 & CR4_CET;
}

static uint64_t
error_code_value(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, VM_ENTRY_EXCEPTION_ERROR_CODE) & ERROR_CODE_RESERVED;
}

static uint64_t
reserved_bits(struct rule_state *state, unsigned index)
{
	uint64_t nested = has_fred(state) ? NESTED_EXCEPTION : 0;

	(void)index;
	return FIELD(state, VM_ENTRY_INTERRUPTION_INFORMATION) & RESERVED & ~nested;
}

static uint64_t
instruction_length(struct rule_state *state, unsigned index)
{
	uint64_t length = FIELD(state, VM_ENTRY_INSTRUCTION_LENGTH);

	(void)index;
	if (length == 0)
		return state->capabilities->vmx_misc & VMX_MISC_LENGTH_0 ? 0 : LENGTH_MAX;
	return length & ~(uint64_t)LENGTH_MAX;
}

#define INJECTION .section = SECTION_ENTRY_CONTROLS, .outcome = VMFAIL_CONTROL

static const struct rule rules[] = {
	{
	        INJECTION,
	        .id = "INJ-TYPE-RSVD",
	        .when = ON(EVENT_INJECTED),
	        .field = F_VM_ENTRY_INTERRUPTION_INFORMATION,
	        .bochs = IN_ALL(BOCHS_DIFFERS),
	        .needs = ON(NEEDS_CONTROLS),
	        .offending = reserved_type,
	        .bochs_lets_pass = bochs_reserved_type,
	        .message = "the interruption type (bits 10:8) is reserved",
	        .legal = "0 external interrupt, 2 NMI, 3 hardware exception, 4 software "
	                 "interrupt, 5 privileged software exception, 6 software exception; 7 "
	                 "other event where the control \"monitor trap flag\" exists",
	        .explanation = RULE_TEXT(
	                "The type decides how the event is delivered: what is pushed, which "
	                "privilege checks are made, whether RIP moves on. Type 1 has no meaning, "
	                "and type 7 came with the monitor trap flag."),
	        .symptom = RULE_TEXT("VM-instruction error 7. Bit 8 instead of bit 9 was set, or "
	                             "the vector has more than 8 bits."),
	        .hint = "put the field together from vector, type << 8, and bit 31",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("type 7 on a model without monitor trap flag passes, and "
	                                 "then the emulator panics")),
	},
	{
	        INJECTION,
	        .id = "INJ-VECTOR-NMI",
	        .when = ON(NMI_INJECTED),
	        .field = F_VM_ENTRY_INTERRUPTION_INFORMATION,
	        .offending = nmi_vector,
	        .message = "an NMI is injected with a vector other than 2",
	        .legal = "2 in bits 7:0 where the type is 2",
	        .explanation = RULE_TEXT("An NMI always comes in through entry 2 of the guest's "
	                                 "interrupt table."),
	        .symptom = RULE_TEXT("VM-instruction error 7. An interrupt was meant, and the type "
	                             "is wrong, not the vector."),
	        .hint = "80000202h is an NMI; an external interrupt has type 0",
	},
	{
	        INJECTION,
	        .id = "INJ-VECTOR-HWEXC",
	        .when = ON(EVENT_INJECTED),
	        .field = F_VM_ENTRY_INTERRUPTION_INFORMATION,
	        .offending = exception_vector,
	        .message = "a hardware exception is injected with a vector above 31",
	        .legal = "0 to 31 in bits 7:0 where the type is 3",
	        .explanation = RULE_TEXT("The processor's own exceptions have the vectors 0 to 31; "
	                                 "the others are for interrupts."),
	        .symptom = RULE_TEXT("VM-instruction error 7. An interrupt was meant, and the type "
	                             "is wrong, not the vector."),
	        .hint = "an external interrupt has type 0, INT n has type 4",
	},
	{
	        INJECTION,
	        .id = "INJ-VECTOR-OTHER",
	        .when = ON(EVENT_INJECTED),
	        .field = F_VM_ENTRY_INTERRUPTION_INFORMATION,
	        .needs = ON(NEEDS_CONTROLS) | ON(NEEDS_CR4_FIXED),
	        .offending = other_vector,
	        .message = "an event of type 7 has a vector that names no event",
	        .legal = "0, a pending MTF VM exit; with FRED also 1 (SYSCALL) and 2 (SYSENTER)",
	        .explanation = RULE_TEXT("Type 7 is for what has no entry in the interrupt table. "
	                                 "The vector says which."),
	        .symptom = RULE_TEXT("VM-instruction error 7 although the processor has the "
	                             "monitor trap flag."),
	        .hint = "80000700h is the pending MTF VM exit",
	},
	{
	        INJECTION,
	        .id = "INJ-ERRCODE-FLAG",
	        .when = ON(EVENT_INJECTED),
	        .field = F_VM_ENTRY_INTERRUPTION_INFORMATION,
	        .also = { F_GUEST_CR0, F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	                F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS },
	        .bochs = IN_ALL(BOCHS_DIFFERS),
	        .needs = ON(NEEDS_REVISION),
	        .offending = error_code_flag,
	        .bochs_lets_pass = bochs_error_code_flag,
	        .message = "\"deliver error code\" (bit 11) does not suit the event",
	        .legal =
	                "1 for hardware exceptions 8, 10 to 14 and 17 in protected mode, 0 for all "
	                "else; hardware exceptions in protected mode are free where IA32_VMX_BASIC "
	                "bit 56 is 1",
	        .explanation = RULE_TEXT(
	                "An error code is on the stack, or it is not, and the handler relies on "
	                "that. Which exceptions have one is fixed, and in real mode none has. #CP "
	                "brought a further one, so processors with CET leave it to the monitor."),
	        .symptom = RULE_TEXT("VM-instruction error 7 for #GP or #PF without the bit, or "
	                             "when a guest in real mode gets #GP with it."),
	        .hint = "copy bit 11 from the information of the VM exit, or use a table of "
	                "vectors",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("models with CET make no check of the bit, not even for "
	                                 "interrupts and in real mode")),
	},
	{
	        INJECTION,
	        .id = "INJ-ERRCODE-VALUE",
	        .when = ON(ERROR_CODE_DELIVERED),
	        .field = F_VM_ENTRY_EXCEPTION_ERROR_CODE,
	        .offending = error_code_value,
	        .message = "the error code has more than 16 bits",
	        .legal = "0 in bits 31:16 (31:15 on old processors)",
	        .explanation = RULE_TEXT(
	                "Error codes are selectors or a few flags. The upper half of what is "
	                "pushed is reserved."),
	        .symptom = RULE_TEXT("VM-instruction error 7. The faulting address, which belongs "
	                             "into CR2, is in the error code."),
	        .hint = "the address of a page fault goes to CR2, by hand, before the VM entry",
	},
	{
	        INJECTION,
	        .id = "INJ-RSVD",
	        .when = ON(EVENT_INJECTED),
	        .field = F_VM_ENTRY_INTERRUPTION_INFORMATION,
	        .needs = ON(NEEDS_CR4_FIXED),
	        .offending = reserved_bits,
	        .message = "reserved bits 30:12 are not 0",
	        .legal = "0 in bits 30:12; with FRED bit 13 (nested exception) is free",
	        .explanation = RULE_TEXT(
	                "The information of a VM exit has almost the same format, but its bit 12 "
	                "(NMI unblocking due to IRET) exists only there."),
	        .symptom = RULE_TEXT("VM-instruction error 7, now and then: the information of a "
	                             "VM exit was injected as it was, with bit 12."),
	        .hint = "mask the information of the VM exit before injecting it again",
	},
	{
	        INJECTION,
	        .id = "INJ-ILEN",
	        .when = ON(SOFTWARE_EVENT_INJECTED),
	        .field = F_VM_ENTRY_INSTRUCTION_LENGTH,
	        .needs = ON(NEEDS_MISC),
	        .offending = instruction_length,
	        .message = "the instruction length of a software event is impossible",
	        .legal = "1 to 15, and 0 where IA32_VMX_MISC bit 30 is 1",
	        .explanation = RULE_TEXT(
	                "A software interrupt or exception returns to the instruction after the "
	                "one that raised it, so VM entry adds the instruction's length to RIP. No "
	                "instruction has more than 15 bytes."),
	        .symptom = RULE_TEXT("VM-instruction error 7 for INT n, and none for hardware "
	                             "exceptions: those do not use the field."),
	        .hint = "copy the VM-exit instruction length: INT n has 2 bytes, INT3 has 1",
	},
};

const struct rule_group injection_rules = { rules, COUNT(rules) };
