/*
 * When rules apply: each condition with its words, the fields it depends on, and whether it holds.
 *
 * A condition whose fields are not all known is neither true nor false: then rules that depend on
 * it are unknown.
 */
#include "rules/state.h"

#include <r33/control_registers.h>

/* VM-entry controls (SDM 3C, "VM-Entry Controls"). */
#define ENTRY_LOAD_DEBUG_CONTROLS   (1u << 2)
#define ENTRY_IA32E_MODE_GUEST      (1u << 9)
#define ENTRY_TO_SMM_CONTROL        (1u << 10)
#define ENTRY_LOAD_PERF_GLOBAL_CTRL (1u << 13)
#define ENTRY_LOAD_PAT              (1u << 14)
#define ENTRY_LOAD_EFER             (1u << 15)
#define ENTRY_LOAD_BNDCFGS          (1u << 16)
#define ENTRY_LOAD_RTIT_CTL         (1u << 18)
#define ENTRY_LOAD_UINV             (1u << 19)
#define ENTRY_LOAD_CET              (1u << 20)
#define ENTRY_LOAD_LBR_CTL          (1u << 21)
#define ENTRY_LOAD_PKRS             (1u << 22)
#define ENTRY_LOAD_FRED             (1u << 23)
#define ENTRY_LOAD_SPEC_CTRL        (1u << 24)

/* Pin-based and processor-based VM-execution controls. */
#define PIN_VIRTUAL_NMIS                     (1u << 5)
#define PRIMARY_TPR_SHADOW                   (1u << 21)
#define PRIMARY_NMI_WINDOW_EXITING           (1u << 22)
#define PRIMARY_IO_BITMAPS                   (1u << 25)
#define PRIMARY_MSR_BITMAPS                  (1u << 28)
#define PRIMARY_SECONDARY                    (1u << 31)
#define SECONDARY_EPT                        (1u << 1)
#define SECONDARY_VPID                       (1u << 5)
#define SECONDARY_UNRESTRICTED_GUEST         (1u << 7)
#define SECONDARY_VIRTUAL_INTERRUPT_DELIVERY (1u << 9)
#define SECONDARY_VMCS_SHADOWING             (1u << 14)
#define SECONDARY_PML                        (1u << 17)
#define SECONDARY_TSC_SCALING                (1u << 25)

#define RFLAGS_TF    (1ull << 8)
#define RFLAGS_VM    (1ull << 17)
#define CR4_FRED     (1ull << 32)
#define DEBUGCTL_BTF (1ull << 1)
#define PENDING_RTM  (1ull << 16)

#define EVENT_VALID      (1u << 31)
#define EVENT_ERROR_CODE (1u << 11)
enum event_type { EXTERNAL_INTERRUPT, NMI = 2, HARDWARE_EXCEPTION, SOFTWARE_INTERRUPT };

/* One condition.  mask: it holds when a bit of it is 1 in the first field; otherwise `test` tells. */
struct condition {
	const char *text;     /* when it holds */
	const char *negation; /* when it does not */
	uint64_t mask;
	bool (*test)(const struct rule_state *state);
	uint8_t fields[3]; /* enum rule_field; 0 ends the list */
};

/* The secondary controls count only when the primary ones switch them on. */
static uint64_t
secondary_controls(const struct rule_state *state)
{
	return FIELD(state, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) & PRIMARY_SECONDARY
	               ? FIELD(state, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS)
	               : 0;
}

#define SECONDARY_TEST(name, bit) \
	static bool name(const struct rule_state *state) \
	{ \
		return secondary_controls(state) & (bit); \
	}
SECONDARY_TEST(unrestricted_guest, SECONDARY_UNRESTRICTED_GUEST)
SECONDARY_TEST(enable_ept, SECONDARY_EPT)
SECONDARY_TEST(enable_vpid, SECONDARY_VPID)
SECONDARY_TEST(enable_pml, SECONDARY_PML)
SECONDARY_TEST(vmcs_shadowing, SECONDARY_VMCS_SHADOWING)
SECONDARY_TEST(virtual_interrupt_delivery, SECONDARY_VIRTUAL_INTERRUPT_DELIVERY)
SECONDARY_TEST(tsc_scaling, SECONDARY_TSC_SCALING)

static bool
ia32e_mode_guest(const struct rule_state *state)
{
	return FIELD(state, VM_ENTRY_CONTROLS) & ENTRY_IA32E_MODE_GUEST;
}

static bool
pae_paging(const struct rule_state *state)
{
	return FIELD(state, GUEST_CR0) & CR0_PG && FIELD(state, GUEST_CR4) & CR4_PAE &&
	       !ia32e_mode_guest(state);
}

static bool
code_64bit(const struct rule_state *state)
{
	return ia32e_mode_guest(state) && segment_access_rights(state, CS) & RIGHTS_L;
}

#define USABLE_TEST(name, segment) \
	static bool name(const struct rule_state *state) \
	{ \
		return !(segment_access_rights(state, segment) & RIGHTS_UNUSABLE); \
	}
USABLE_TEST(es_usable, ES)
USABLE_TEST(cs_usable, CS)
USABLE_TEST(ss_usable, SS)
USABLE_TEST(ds_usable, DS)
USABLE_TEST(fs_usable, FS)
USABLE_TEST(gs_usable, GS)
USABLE_TEST(ldtr_usable, LDTR)

static bool
cs_is_data(const struct rule_state *state)
{
	return segment_type(state, CS) == 3;
}

static bool
cs_nonconforming(const struct rule_state *state)
{
	return (segment_type(state, CS) & 0xd) == 9;
}

static bool
cs_conforming(const struct rule_state *state)
{
	return (segment_type(state, CS) & 0xd) == 13;
}

static bool
ss_dpl_0(const struct rule_state *state)
{
	return segment_dpl(state, SS) == 0;
}

static bool
ss_dpl_3(const struct rule_state *state)
{
	return segment_dpl(state, SS) == 3;
}

static bool
event_of_type(const struct rule_state *state, unsigned first, unsigned last)
{
	uint64_t information = FIELD(state, VM_ENTRY_INTERRUPTION_INFORMATION);
	unsigned type = information >> 8 & 7;

	return information & EVENT_VALID && type >= first && type <= last;
}

static bool
external_interrupt_injected(const struct rule_state *state)
{
	return event_of_type(state, EXTERNAL_INTERRUPT, EXTERNAL_INTERRUPT);
}

static bool
nmi_injected(const struct rule_state *state)
{
	return event_of_type(state, NMI, NMI);
}

static bool
software_event_injected(const struct rule_state *state)
{
	return event_of_type(state, SOFTWARE_INTERRUPT, SOFTWARE_INTERRUPT + 2);
}

static bool
error_code_delivered(const struct rule_state *state)
{
	uint64_t information = FIELD(state, VM_ENTRY_INTERRUPTION_INFORMATION);

	return information & EVENT_VALID && information & EVENT_ERROR_CODE;
}

#define ACTIVITY_TEST(name, number) \
	static bool name(const struct rule_state *state) \
	{ \
		return FIELD(state, GUEST_ACTIVITY_STATE) == (number); \
	}
ACTIVITY_TEST(hlt_state, 1)
ACTIVITY_TEST(shutdown_state, 2)
ACTIVITY_TEST(wait_for_sipi_state, 3)

static bool
single_stepping(const struct rule_state *state)
{
	return FIELD(state, GUEST_RFLAGS) & RFLAGS_TF &&
	       !(FIELD(state, GUEST_IA32_DEBUGCTL) & DEBUGCTL_BTF);
}

static bool
link_pointer_used(const struct rule_state *state)
{
	return FIELD(state, VMCS_LINK_POINTER) != ~0ull;
}

static bool
msr_load_area(const struct rule_state *state)
{
	return FIELD(state, VM_ENTRY_MSR_LOAD_COUNT) != 0;
}

/* Nothing in a VMCS tells: input->assume_true can. */
static bool
never(const struct rule_state *state)
{
	(void)state;
	return false;
}

#define ENTRY_CONTROL(name, bit) \
	{ \
		"the VM-entry control \"" name "\" is 1", \
		        "the VM-entry control \"" name "\" is 0", bit, NULL, \
		{ \
			F_VM_ENTRY_CONTROLS \
		} \
	}
#define PRIMARY_CONTROL(name, bit) \
	{ \
		"the control \"" name "\" is 1", "the control \"" name "\" is 0", bit, NULL, \
		{ \
			F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS \
		} \
	}
#define SECONDARY_CONTROL(name, test) \
	{ \
		"the control \"" name "\" is 1", "the control \"" name "\" is 0", 0, test, \
		{ \
			F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, \
			        F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS \
		} \
	}
#define USABLE(register_, test) \
	{ \
#register_ " is usable", #register_ " is unusable", 0, test, \
		{ \
			F_GUEST_##register_##_ACCESS_RIGHTS \
		} \
	}
#define EVENT(what, test) \
	{ \
		what " is injected", "no " what " is injected", 0, test, \
		{ \
			F_VM_ENTRY_INTERRUPTION_INFORMATION \
		} \
	}
#define ACTIVITY(name, test) \
	{ \
		"the activity state is " name, "the activity state is not " name, 0, test, \
		{ \
			F_GUEST_ACTIVITY_STATE \
		} \
	}
#define BLOCKING(name, bit) \
	{ \
		name, "no " name, bit, NULL, \
		{ \
			F_GUEST_INTERRUPTIBILITY_STATE \
		} \
	}

static const struct condition conditions[RULE_CONDITION_COUNT] = {
	[IA32E_MODE_GUEST] = ENTRY_CONTROL("IA-32e mode guest", ENTRY_IA32E_MODE_GUEST),
	[UNRESTRICTED_GUEST] = SECONDARY_CONTROL("unrestricted guest", unrestricted_guest),
	[VIRTUAL_8086] = { "RFLAGS.VM is 1", "RFLAGS.VM is 0", RFLAGS_VM, NULL,
	        { F_GUEST_RFLAGS } },
	[LOAD_DEBUG_CONTROLS] = ENTRY_CONTROL("load debug controls", ENTRY_LOAD_DEBUG_CONTROLS),
	[LOAD_PERF_GLOBAL_CTRL] =
	        ENTRY_CONTROL("load IA32_PERF_GLOBAL_CTRL", ENTRY_LOAD_PERF_GLOBAL_CTRL),
	[LOAD_PAT] = ENTRY_CONTROL("load IA32_PAT", ENTRY_LOAD_PAT),
	[LOAD_EFER] = ENTRY_CONTROL("load IA32_EFER", ENTRY_LOAD_EFER),
	[LOAD_BNDCFGS] = ENTRY_CONTROL("load IA32_BNDCFGS", ENTRY_LOAD_BNDCFGS),
	[LOAD_RTIT_CTL] = ENTRY_CONTROL("load IA32_RTIT_CTL", ENTRY_LOAD_RTIT_CTL),
	[LOAD_UINV] = ENTRY_CONTROL("load UINV", ENTRY_LOAD_UINV),
	[LOAD_CET] = ENTRY_CONTROL("load CET state", ENTRY_LOAD_CET),
	[LOAD_LBR_CTL] = ENTRY_CONTROL("load guest IA32_LBR_CTL", ENTRY_LOAD_LBR_CTL),
	[LOAD_PKRS] = ENTRY_CONTROL("load PKRS", ENTRY_LOAD_PKRS),
	[LOAD_FRED] = ENTRY_CONTROL("load FRED", ENTRY_LOAD_FRED),
	[LOAD_SPEC_CTRL] = ENTRY_CONTROL("load guest IA32_SPEC_CTRL", ENTRY_LOAD_SPEC_CTRL),
	[PROTECTED_MODE] = { "CR0.PE is 1", "CR0.PE is 0", CR0_PE, NULL, { F_GUEST_CR0 } },
	[PAGING] = { "CR0.PG is 1", "CR0.PG is 0", CR0_PG, NULL, { F_GUEST_CR0 } },
	[PAE_PAGING] = { "the guest uses PAE paging", "the guest does not use PAE paging", 0,
	        pae_paging, { F_GUEST_CR0, F_GUEST_CR4, F_VM_ENTRY_CONTROLS } },
	[CODE_64BIT] = { "the guest starts in 64-bit mode",
	        "the guest does not start in 64-bit mode", 0, code_64bit,
	        { F_VM_ENTRY_CONTROLS, F_GUEST_CS_ACCESS_RIGHTS } },
	[FRED] = { "CR4.FRED is 1", "CR4.FRED is 0", CR4_FRED, NULL, { F_GUEST_CR4 } },
	[ES_USABLE] = USABLE(ES, es_usable),
	[CS_USABLE] = USABLE(CS, cs_usable),
	[SS_USABLE] = USABLE(SS, ss_usable),
	[DS_USABLE] = USABLE(DS, ds_usable),
	[FS_USABLE] = USABLE(FS, fs_usable),
	[GS_USABLE] = USABLE(GS, gs_usable),
	[LDTR_USABLE] = USABLE(LDTR, ldtr_usable),
	[CS_IS_DATA] = { "CS has type 3", "CS has not type 3", 0, cs_is_data,
	        { F_GUEST_CS_ACCESS_RIGHTS } },
	[CS_NONCONFORMING] = { "CS has type 9 or 11", "CS has neither type 9 nor 11", 0,
	        cs_nonconforming, { F_GUEST_CS_ACCESS_RIGHTS } },
	[CS_CONFORMING] = { "CS has type 13 or 15", "CS has neither type 13 nor 15", 0,
	        cs_conforming, { F_GUEST_CS_ACCESS_RIGHTS } },
	[SS_DPL_0] = { "the DPL of SS is 0", "the DPL of SS is not 0", 0, ss_dpl_0,
	        { F_GUEST_SS_ACCESS_RIGHTS } },
	[SS_DPL_3] = { "the DPL of SS is 3", "the DPL of SS is not 3", 0, ss_dpl_3,
	        { F_GUEST_SS_ACCESS_RIGHTS } },
	[EVENT_INJECTED] = { "an event is injected", "no event is injected", EVENT_VALID, NULL,
	        { F_VM_ENTRY_INTERRUPTION_INFORMATION } },
	[EXTERNAL_INTERRUPT_INJECTED] = EVENT("external interrupt", external_interrupt_injected),
	[NMI_INJECTED] = EVENT("NMI", nmi_injected),
	[SOFTWARE_EVENT_INJECTED] =
	        EVENT("software interrupt or exception", software_event_injected),
	[ERROR_CODE_DELIVERED] = { "an event with an error code is injected",
	        "no event with an error code is injected", 0, error_code_delivered,
	        { F_VM_ENTRY_INTERRUPTION_INFORMATION } },
	[HLT_STATE] = ACTIVITY("HLT", hlt_state),
	[SHUTDOWN_STATE] = ACTIVITY("shutdown", shutdown_state),
	[WAIT_FOR_SIPI_STATE] = ACTIVITY("wait-for-SIPI", wait_for_sipi_state),
	[STI_BLOCKING] = BLOCKING("blocking by STI", 1u << 0),
	[MOV_SS_BLOCKING] = BLOCKING("blocking by MOV SS", 1u << 1),
	[ENCLAVE_INTERRUPTION] = BLOCKING("enclave interruption", 1u << 4),
	[SINGLE_STEPPING] = { "RFLAGS.TF is 1 and IA32_DEBUGCTL.BTF is 0",
	        "RFLAGS.TF is 0 or IA32_DEBUGCTL.BTF is 1", 0, single_stepping,
	        { F_GUEST_RFLAGS, F_GUEST_IA32_DEBUGCTL } },
	[RTM_DEBUG] = { "pending debug exceptions have bit 16 (RTM)",
	        "pending debug exceptions do not have bit 16 (RTM)", PENDING_RTM, NULL,
	        { F_GUEST_PENDING_DEBUG_EXCEPTIONS } },
	[LINK_POINTER_USED] = { "the VMCS link pointer is not FFFFFFFF_FFFFFFFFh",
	        "the VMCS link pointer is FFFFFFFF_FFFFFFFFh", 0, link_pointer_used,
	        { F_VMCS_LINK_POINTER } },
	[IN_SMM] = { "the processor is in SMM", "the processor is not in SMM", 0, never, { 0 } },
	[ENTRY_TO_SMM] = ENTRY_CONTROL("entry to SMM", ENTRY_TO_SMM_CONTROL),
	[ENABLE_EPT] = SECONDARY_CONTROL("enable EPT", enable_ept),
	[ENABLE_VPID] = SECONDARY_CONTROL("enable VPID", enable_vpid),
	[ENABLE_PML] = SECONDARY_CONTROL("enable PML", enable_pml),
	[VIRTUAL_NMIS] = { "the control \"virtual NMIs\" is 1", "the control \"virtual NMIs\" is 0",
	        PIN_VIRTUAL_NMIS, NULL, { F_PIN_BASED_VM_EXECUTION_CONTROLS } },
	[NMI_WINDOW_EXITING] = PRIMARY_CONTROL("NMI-window exiting", PRIMARY_NMI_WINDOW_EXITING),
	[VMCS_SHADOWING] = SECONDARY_CONTROL("VMCS shadowing", vmcs_shadowing),
	[TPR_SHADOW] = PRIMARY_CONTROL("use TPR shadow", PRIMARY_TPR_SHADOW),
	[VIRTUAL_INTERRUPT_DELIVERY] =
	        SECONDARY_CONTROL("virtual-interrupt delivery", virtual_interrupt_delivery),
	[TSC_SCALING] = SECONDARY_CONTROL("use TSC scaling", tsc_scaling),
	[IO_BITMAPS] = PRIMARY_CONTROL("use I/O bitmaps", PRIMARY_IO_BITMAPS),
	[MSR_BITMAPS] = PRIMARY_CONTROL("use MSR bitmaps", PRIMARY_MSR_BITMAPS),
	[SECONDARY_CONTROLS] = PRIMARY_CONTROL("activate secondary controls", PRIMARY_SECONDARY),
	[MSR_LOAD_AREA] = { "the VM-entry MSR-load count is not 0",
	        "the VM-entry MSR-load count is 0", 0, msr_load_area,
	        { F_VM_ENTRY_MSR_LOAD_COUNT } },
};

static bool
all_known(const struct rule_state *state, const struct condition *condition)
{
	if (state->all_known)
		return true;
	/* The secondary controls are no question when the primary ones switch them off. */
	if (condition->fields[1] == F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS &&
	        state->known[condition->fields[0]] &&
	        !(state->values[condition->fields[0]] & PRIMARY_SECONDARY))
		return true;
	for (unsigned i = 0; i < sizeof condition->fields && condition->fields[i]; i++)
		if (!state->known[condition->fields[i]])
			return false;
	return true;
}

void
conditions_find(struct rule_state *state)
{
	uint64_t is_true = 0, is_false = 0;

	for (unsigned i = 0; i < RULE_CONDITION_COUNT; i++) {
		const struct condition *condition = &conditions[i];
		bool true_now;

		if (!all_known(state, condition))
			continue;
		true_now = condition->mask ? state->values[condition->fields[0]] & condition->mask
		                           : condition->test(state);
		*(true_now ? &is_true : &is_false) |= ON(i);
	}
	state->true_conditions =
	        (is_true | state->input->assume_true) & ~state->input->assume_false;
	state->false_conditions =
	        (is_false | state->input->assume_false) & ~state->input->assume_true;
}

const char *
rule_condition_text(unsigned condition, bool holds)
{
	if (condition >= RULE_CONDITION_COUNT)
		return NULL;
	return holds ? conditions[condition].text : conditions[condition].negation;
}
