/*
 * When rules apply: each condition with its words, and the bits of fields that make it true.
 *
 * A condition is a conjunction.  With one of its terms known to be false it is false; otherwise, with
 * one of them unknown, it is neither true nor false, and the rules that depend on it are unknown.
 */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>

#include "rules/state.h"

#define TYPE_BUT_READABLE 0xdull /* of access rights: the type without bit 1 */

/* Some bits of a field have (or, negated, do not have) a value. */
struct term {
	uint64_t mask, value;
	uint8_t field; /* enum rule_field; F_NONE: no term */
	bool negated;
};

enum { MOST_TERMS = 3 };

struct condition {
	const char *text;              /* when it holds */
	const char *negation;          /* when it does not */
	struct term terms[MOST_TERMS]; /* none: it never holds, unless the caller says so */
};

#define PRIMARY   F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define SECONDARY F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define EVENT     F_VM_ENTRY_INTERRUPTION_INFORMATION

/* Terms: all of these bits are 1, or 0; the bits under the mask have, or do not have, this value. */
#define ONE(field, bits)           { bits, bits, field, false }
#define ZERO(field, bits)          { bits, 0, field, false }
#define IS(field, mask, value)     { mask, value, field, false }
#define IS_NOT(field, mask, value) { mask, value, field, true }

#define ENTRY_CONTROL(name, bit) \
	{ \
		"the VM-entry control \"" name "\" is 1", \
		        "the VM-entry control \"" name "\" is 0", \
		{ \
			ONE(F_VM_ENTRY_CONTROLS, bit) \
		} \
	}
#define PRIMARY_CONTROL(name, bit) \
	{ \
		"the control \"" name "\" is 1", "the control \"" name "\" is 0", \
		{ \
			ONE(PRIMARY, bit) \
		} \
	}
/* The secondary controls count only when the primary ones switch them on. */
#define SECONDARY_CONTROL(name, bit) \
	{ \
		"the control \"" name "\" is 1", "the control \"" name "\" is 0", \
		{ \
			ONE(SECONDARY, bit), ONE(PRIMARY, PRIMARY_ACTIVATE_SECONDARY_CONTROLS) \
		} \
	}
#define USABLE(register_) \
	{ \
		#register_ " is usable", #register_ " is unusable", \
		{ \
			ZERO(F_GUEST_##register_##_ACCESS_RIGHTS, RIGHTS_UNUSABLE) \
		} \
	}
#define EVENT_OF_TYPE(what, type) \
	{ \
		"an " what " is injected", "no " what " is injected", \
		{ \
			IS(EVENT, EVENT_VALID | EVENT_TYPE, EVENT_VALID | (type)) \
		} \
	}
#define ACTIVITY(name, number) \
	{ \
		"the activity state is " name, "the activity state is not " name, \
		{ \
			IS(F_GUEST_ACTIVITY_STATE, ~0ull, number) \
		} \
	}
#define BLOCKING(name, bit) \
	{ \
		name " is 1", name " is 0", \
		{ \
			ONE(F_GUEST_INTERRUPTIBILITY_STATE, bit) \
		} \
	}
#define SS_DPL(number) \
	{ \
		"the DPL of SS is " #number, "the DPL of SS is not " #number, \
		{ \
			IS(F_GUEST_SS_ACCESS_RIGHTS, RIGHTS_DPL, number << 5) \
		} \
	}

static const struct condition conditions[RULE_CONDITION_COUNT] = {
	[IA32E_MODE_GUEST] = ENTRY_CONTROL("IA-32e mode guest", VM_ENTRY_IA32E_MODE_GUEST),
	[UNRESTRICTED_GUEST] =
	        SECONDARY_CONTROL("unrestricted guest", SECONDARY_UNRESTRICTED_GUEST),
	[VIRTUAL_8086] = { "RFLAGS.VM is 1", "RFLAGS.VM is 0", { ONE(F_GUEST_RFLAGS, RFLAGS_VM) } },
	[LOAD_DEBUG_CONTROLS] = ENTRY_CONTROL("load debug controls", VM_ENTRY_LOAD_DEBUG_CONTROLS),
	[LOAD_PERF_GLOBAL_CTRL] =
	        ENTRY_CONTROL("load IA32_PERF_GLOBAL_CTRL", VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL),
	[LOAD_PAT] = ENTRY_CONTROL("load IA32_PAT", VM_ENTRY_LOAD_IA32_PAT),
	[LOAD_EFER] = ENTRY_CONTROL("load IA32_EFER", VM_ENTRY_LOAD_IA32_EFER),
	[LOAD_BNDCFGS] = ENTRY_CONTROL("load IA32_BNDCFGS", VM_ENTRY_LOAD_IA32_BNDCFGS),
	[LOAD_RTIT_CTL] = ENTRY_CONTROL("load IA32_RTIT_CTL", VM_ENTRY_LOAD_IA32_RTIT_CTL),
	[LOAD_UINV] = ENTRY_CONTROL("load UINV", VM_ENTRY_LOAD_UINV),
	[LOAD_CET] = ENTRY_CONTROL("load CET state", VM_ENTRY_LOAD_CET_STATE),
	[LOAD_LBR_CTL] = ENTRY_CONTROL("load guest IA32_LBR_CTL", VM_ENTRY_LOAD_IA32_LBR_CTL),
	[LOAD_PKRS] = ENTRY_CONTROL("load PKRS", VM_ENTRY_LOAD_PKRS),
	[LOAD_FRED] = ENTRY_CONTROL("load FRED", VM_ENTRY_LOAD_FRED),
	[LOAD_SPEC_CTRL] = ENTRY_CONTROL("load guest IA32_SPEC_CTRL", VM_ENTRY_LOAD_IA32_SPEC_CTRL),
	[PROTECTED_MODE] = { "CR0.PE is 1", "CR0.PE is 0", { ONE(F_GUEST_CR0, CR0_PE) } },
	[PAGING] = { "CR0.PG is 1", "CR0.PG is 0", { ONE(F_GUEST_CR0, CR0_PG) } },
	[PAE_PAGING] = { "the guest uses PAE paging", "the guest does not use PAE paging",
	        { ZERO(F_VM_ENTRY_CONTROLS, VM_ENTRY_IA32E_MODE_GUEST), ONE(F_GUEST_CR0, CR0_PG),
	                ONE(F_GUEST_CR4, CR4_PAE) } },
	[CODE_64BIT] = { "the guest starts in 64-bit mode",
	        "the guest does not start in 64-bit mode",
	        { ONE(F_VM_ENTRY_CONTROLS, VM_ENTRY_IA32E_MODE_GUEST),
	                ONE(F_GUEST_CS_ACCESS_RIGHTS, RIGHTS_L) } },
	[FRED] = { "CR4.FRED is 1", "CR4.FRED is 0", { ONE(F_GUEST_CR4, CR4_FRED) } },
	[ES_USABLE] = USABLE(ES),
	[CS_USABLE] = USABLE(CS),
	[SS_USABLE] = USABLE(SS),
	[DS_USABLE] = USABLE(DS),
	[FS_USABLE] = USABLE(FS),
	[GS_USABLE] = USABLE(GS),
	[LDTR_USABLE] = USABLE(LDTR),
	[CS_IS_DATA] = { "CS has type 3", "CS does not have type 3",
	        { IS(F_GUEST_CS_ACCESS_RIGHTS, RIGHTS_TYPE, 3) } },
	[CS_NONCONFORMING] = { "CS has type 9 or 11", "CS has neither type 9 nor 11",
	        { IS(F_GUEST_CS_ACCESS_RIGHTS, TYPE_BUT_READABLE, 9) } },
	[CS_CONFORMING] = { "CS has type 13 or 15", "CS has neither type 13 nor 15",
	        { IS(F_GUEST_CS_ACCESS_RIGHTS, TYPE_BUT_READABLE, 13) } },
	[SS_DPL_0] = SS_DPL(0),
	[SS_DPL_3] = SS_DPL(3),
	[EVENT_INJECTED] = { "an event is injected", "no event is injected",
	        { ONE(EVENT, EVENT_VALID) } },
	[EXTERNAL_INTERRUPT_INJECTED] =
	        EVENT_OF_TYPE("external interrupt", EVENT_EXTERNAL_INTERRUPT),
	[NMI_INJECTED] = EVENT_OF_TYPE("NMI", EVENT_NMI),
	[SOFTWARE_EVENT_INJECTED] = { "a software interrupt or exception is injected",
	        "no software interrupt or exception is injected",
	        { ONE(EVENT, EVENT_VALID | EVENT_SOFTWARE_INTERRUPT),
	                IS_NOT(EVENT, EVENT_TYPE, EVENT_TYPE) } },
	[ERROR_CODE_DELIVERED] = { "an event with an error code is injected",
	        "no event with an error code is injected",
	        { ONE(EVENT, EVENT_VALID | EVENT_ERROR_CODE) } },
	[HLT_STATE] = ACTIVITY("HLT", ACTIVITY_HLT),
	[SHUTDOWN_STATE] = ACTIVITY("shutdown", ACTIVITY_SHUTDOWN),
	[WAIT_FOR_SIPI_STATE] = ACTIVITY("wait-for-SIPI", ACTIVITY_WAIT_FOR_SIPI),
	[STI_BLOCKING] = BLOCKING("blocking by STI", BLOCKING_BY_STI),
	[MOV_SS_BLOCKING] = BLOCKING("blocking by MOV SS", BLOCKING_BY_MOV_SS),
	[INTERRUPTED_ENCLAVE] = BLOCKING("enclave interruption", ENCLAVE_INTERRUPTION),
	[SINGLE_STEPPING] = { "RFLAGS.TF is 1 and IA32_DEBUGCTL.BTF is 0",
	        "RFLAGS.TF is 0 or IA32_DEBUGCTL.BTF is 1",
	        { ONE(F_GUEST_RFLAGS, RFLAGS_TF), ZERO(F_GUEST_IA32_DEBUGCTL, DEBUGCTL_BTF) } },
	[RTM_DEBUG] = { "pending debug exceptions have bit 16 (RTM)",
	        "pending debug exceptions do not have bit 16 (RTM)",
	        { ONE(F_GUEST_PENDING_DEBUG_EXCEPTIONS, PENDING_RTM) } },
	[LINK_POINTER_USED] = { "the VMCS link pointer is not FFFFFFFF_FFFFFFFFh",
	        "the VMCS link pointer is FFFFFFFF_FFFFFFFFh",
	        { IS_NOT(F_VMCS_LINK_POINTER, ~0ull, ~0ull) } },
	[IN_SMM] = { "the processor is in SMM", "the processor is not in SMM", { { 0 } } },
	[ENTRY_TO_SMM] = ENTRY_CONTROL("entry to SMM", VM_ENTRY_TO_SMM),
	[SECONDARY_CONTROLS_ACTIVE] =
	        PRIMARY_CONTROL("activate secondary controls", PRIMARY_ACTIVATE_SECONDARY_CONTROLS),
	[TERTIARY_CONTROLS_ACTIVE] =
	        PRIMARY_CONTROL("activate tertiary controls", PRIMARY_ACTIVATE_TERTIARY_CONTROLS),
	[ENABLE_EPT] = SECONDARY_CONTROL("enable EPT", SECONDARY_EPT),
	[ENABLE_VPID] = SECONDARY_CONTROL("enable VPID", SECONDARY_VPID),
	[ENABLE_PML] = SECONDARY_CONTROL("enable PML", SECONDARY_PML),
	[VIRTUAL_NMIS] = { "the control \"virtual NMIs\" is 1", "the control \"virtual NMIs\" is 0",
	        { ONE(F_PIN_BASED_VM_EXECUTION_CONTROLS, PIN_VIRTUAL_NMIS) } },
	[NMI_WINDOW_EXITING] = PRIMARY_CONTROL("NMI-window exiting", PRIMARY_NMI_WINDOW_EXITING),
	[VMCS_SHADOWING] = SECONDARY_CONTROL("VMCS shadowing", SECONDARY_VMCS_SHADOWING),
	[TPR_SHADOW] = PRIMARY_CONTROL("use TPR shadow", PRIMARY_TPR_SHADOW),
	[VIRTUAL_INTERRUPT_DELIVERY] = SECONDARY_CONTROL(
	        "virtual-interrupt delivery", SECONDARY_VIRTUAL_INTERRUPT_DELIVERY),
	[TSC_SCALING] = SECONDARY_CONTROL("use TSC scaling", SECONDARY_TSC_SCALING),
	[IO_BITMAPS] = PRIMARY_CONTROL("use I/O bitmaps", PRIMARY_IO_BITMAPS),
	[MSR_BITMAPS] = PRIMARY_CONTROL("use MSR bitmaps", PRIMARY_MSR_BITMAPS),
	[MSR_LOAD_AREA] = { "the VM-entry MSR-load count is not 0",
	        "the VM-entry MSR-load count is 0",
	        { IS_NOT(F_VM_ENTRY_MSR_LOAD_COUNT, ~0ull, 0) } },
};

void
conditions_find(struct rule_state *state)
{
	uint64_t is_true = 0, is_false = 0;

	for (unsigned i = 0; i < RULE_CONDITION_COUNT; i++) {
		const struct term *terms = conditions[i].terms;
		bool all_true = terms[0].field != F_NONE, one_false = !all_true;

		for (unsigned j = 0; j < MOST_TERMS && terms[j].field != F_NONE; j++) {
			uint64_t bits = state->values[terms[j].field] & terms[j].mask;
			bool holds = (bits == terms[j].value) != terms[j].negated;
			bool known = state->known[terms[j].field];

			all_true &= known & holds;
			one_false |= known & !holds;
		}
		is_true |= (uint64_t)all_true << i;
		is_false |= (uint64_t)one_false << i;
	}
	state->true_conditions =
	        (is_true | state->input->assume_true) & ~state->input->assume_false;
	state->false_conditions =
	        (is_false | state->input->assume_false) & ~state->input->assume_true;
}

uint64_t
conditions_of_field(enum rule_field field)
{
	uint64_t found = 0;

	for (unsigned i = 0; i < RULE_CONDITION_COUNT; i++)
		for (unsigned j = 0; j < MOST_TERMS; j++)
			if (field != F_NONE && conditions[i].terms[j].field == field)
				found |= ON(i);
	return found;
}

const char *
rule_condition_text(unsigned condition, bool holds)
{
	if (condition >= RULE_CONDITION_COUNT)
		return NULL;
	return holds ? conditions[condition].text : conditions[condition].negation;
}
