/*
 * The rules on the activity state: SDM 3C 27.3.1.5, "Checks on Guest Non-Register State".
 */
#include <r33/array.h>
#include <r33/events.h>
#include <r33/non_register.h>

#include "rules/state.h"

#define ACTIVITY_LAST       ACTIVITY_WAIT_FOR_SIPI
#define MISC_ACTIVITY_FIRST 5 /* IA32_VMX_MISC bits 6, 7, 8: HLT, shutdown, wait-for-SIPI */

static uint64_t
activity_range(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_ACTIVITY_STATE) & ~(uint64_t)ACTIVITY_LAST;
}

static uint64_t
activity_supported(struct rule_state *state, unsigned index)
{
	uint64_t activity = FIELD(state, GUEST_ACTIVITY_STATE);

	(void)index;
	if (activity == 0 || activity > ACTIVITY_LAST)
		return 0;
	return state->capabilities->vmx_misc >> (MISC_ACTIVITY_FIRST + activity) & 1 ? 0 : activity;
}

static uint64_t
hlt_dpl(struct rule_state *state, unsigned index)
{
	(void)index;
	return segment_dpl(state, SS) ? FIELD(state, GUEST_ACTIVITY_STATE) : 0;
}

/* The conditions of the rule leave the active state only, 0. */
static uint64_t
not_active(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_ACTIVITY_STATE);
}

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

static uint64_t
hlt_injection(struct rule_state *state, unsigned index)
{
	unsigned vector = injected_vector(state);
	bool wakes = false;

	(void)index;
	switch (injected_type(state)) {
	case EVENT_EXTERNAL_INTERRUPT:
	case EVENT_NMI: wakes = true; break;
	case EVENT_HARDWARE_EXCEPTION: wakes = vector == VECTOR_DB || vector == VECTOR_MC; break;
	case EVENT_OTHER: wakes = vector == 0; break;
	default: break;
	}
	return wakes ? 0 : FIELD(state, GUEST_ACTIVITY_STATE);
}

static uint64_t
shutdown_injection(struct rule_state *state, unsigned index)
{
	unsigned type = injected_type(state);
	bool wakes = type == EVENT_NMI ||
	             (type == EVENT_HARDWARE_EXCEPTION && injected_vector(state) == VECTOR_MC);

	(void)index;
	return wakes ? 0 : FIELD(state, GUEST_ACTIVITY_STATE);
}

/* It looks at the vector of every event, not of hardware exceptions only. */
static bool
bochs_shutdown_injection(struct rule_state *state, unsigned index)
{
	(void)index;
	return injected_vector(state) == VECTOR_MC;
}

static const struct rule rules[] = {
	{
	        .id = "ACT-RANGE",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_ACTIVITY_STATE,
	        .offending = activity_range,
	        .message = "the number is not an activity state",
	        .legal = "0 (active), 1 (HLT), 2 (shutdown) or 3 (wait-for-SIPI)",
	        .explanation = RULE_TEXT(
	                "The field says what the processor is doing when the guest begins: "
	                "running, or waiting in one of three ways. Other states of a core, such as "
	                "waiting in MWAIT, cannot be entered, so they have no number."),
	        .symptom =
	                RULE_TEXT("In most cases the field was never written and the VMCS region "
	                          "was not zeroed, or another field's value landed here."),
	        .hint = "write 0 unless the guest is really to start asleep",
	},
	{
	        .id = "ACT-SUPPORTED",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_ACTIVITY_STATE,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_MISC),
	        .offending = activity_supported,
	        .message = "this processor does not support the activity state",
	        .legal = "a state that IA32_VMX_MISC bits 8:6 report (6: HLT, 7: shutdown, 8: "
	                 "wait-for-SIPI), or 0 (active)",
	        .explanation = RULE_TEXT(
	                "A processor need not be able to enter a guest that sleeps. "
	                "IA32_VMX_MISC has a bit for each of the three states; active is always "
	                "supported."),
	        .symptom = RULE_TEXT("Rare on hardware, which reports all three; hypervisors that "
	                             "offer nested VMX often report HLT only."),
	        .hint = "under a hypervisor IA32_VMX_MISC may lack shutdown and wait-for-SIPI",
	        .bochs_detail = IN_ALL(RULE_TEXT("every model reports all three states")),
	},
	{
	        .id = "ACT-HLT-DPL",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(HLT_STATE),
	        .field = F_GUEST_ACTIVITY_STATE,
	        .also = { F_GUEST_SS_ACCESS_RIGHTS },
	        .offending = hlt_dpl,
	        .message = "the guest is halted and the DPL of SS is not 0",
	        .legal = "HLT only together with DPL 0 in the access rights of SS",
	        .explanation = RULE_TEXT(
	                "The DPL of SS is the privilege level, and HLT is an instruction of "
	                "privilege level 0: only a kernel can have put the processor to sleep. The "
	                "DPL counts even when SS is unusable."),
	        .symptom = RULE_TEXT("A guest that starts in user mode, or in virtual-8086 mode, "
	                             "fails as soon as its saved activity state is HLT."),
	        .hint = "either the guest is in user mode and active, or its SS has DPL 0",
	},
	{
	        .id = "ACT-STI",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(STI_BLOCKING),
	        .field = F_GUEST_ACTIVITY_STATE,
	        .offending = not_active,
	        .message = "the guest sleeps although STI blocks interrupts",
	        .legal = "0 (active) while there is blocking by STI",
	        .explanation = RULE_TEXT(
	                "Blocking by STI lasts for one instruction after STI. A processor that "
	                "sleeps has executed that instruction, HLT for instance, so the blocking "
	                "is over."),
	        .symptom = RULE_TEXT("A hypervisor that emulates STI; HLT sets the activity state "
	                             "and forgets to clear the interruptibility state."),
	        .hint = "when HLT is emulated after STI, clear bit 0 of the interruptibility state",
	},
	{
	        .id = "ACT-MOVSS",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(MOV_SS_BLOCKING),
	        .field = F_GUEST_ACTIVITY_STATE,
	        .offending = not_active,
	        .message = "the guest sleeps although MOV SS blocks events",
	        .legal = "0 (active) while there is blocking by MOV SS",
	        .explanation = RULE_TEXT(
	                "Blocking by MOV SS lasts for one instruction, the one that is to load the "
	                "stack pointer. A processor that sleeps is past it."),
	        .symptom = RULE_TEXT("The activity state was set while the interruptibility state "
	                             "was kept from an earlier VM exit."),
	        .hint = "clear bit 1 of the interruptibility state when the guest goes to sleep",
	},
	{
	        .id = "ACT-HLT-INJ",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(HLT_STATE) | ON(EVENT_INJECTED),
	        .field = F_GUEST_ACTIVITY_STATE,
	        .also = { F_VM_ENTRY_INTERRUPTION_INFORMATION },
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .offending = hlt_injection,
	        .message = "the injected event cannot reach a halted processor",
	        .legal = "with HLT inject only external interrupts, NMIs, #DB, #MC or a pending "
	                 "MTF VM exit",
	        .explanation = RULE_TEXT(
	                "A halted processor executes nothing, so no instruction of it can fault or "
	                "raise a software interrupt. What wakes it comes from outside, or is a "
	                "debug trap or machine check that was still pending."),
	        .symptom = RULE_TEXT("A hypervisor injects #GP or #UD for the instruction that it "
	                             "has just emulated, while the activity state still says HLT."),
	        .hint = "an exception belongs to an instruction: set the activity state to 0 "
	                "before injecting it",
	        .bochs_detail = IN_ALL(RULE_TEXT("any event is injected into a halted guest")),
	},
	{
	        .id = "ACT-SHUTDOWN-INJ",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(SHUTDOWN_STATE) | ON(EVENT_INJECTED),
	        .field = F_GUEST_ACTIVITY_STATE,
	        .also = { F_VM_ENTRY_INTERRUPTION_INFORMATION },
	        .bochs = IN_ALL(BOCHS_DIFFERS),
	        .offending = shutdown_injection,
	        .bochs_lets_pass = bochs_shutdown_injection,
	        .message = "the injected event cannot reach a processor in shutdown",
	        .legal = "with shutdown inject only NMIs and #MC",
	        .explanation = RULE_TEXT(
	                "Shutdown is where a triple fault ends. Ordinary interrupts do not end it; "
	                "only an NMI or a machine check does (and INIT, which cannot be "
	                "injected)."),
	        .symptom = RULE_TEXT("A hypervisor keeps delivering timer interrupts to a guest "
	                             "that has died of a triple fault."),
	        .hint = "a guest in shutdown is dead: reset it rather than interrupt it",
	        .bochs_detail = IN_ALL(RULE_TEXT("events of any type pass when the vector is 18")),
	},
	{
	        .id = "ACT-SIPI-INJ",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(WAIT_FOR_SIPI_STATE) | ON(EVENT_INJECTED),
	        .field = F_GUEST_ACTIVITY_STATE,
	        .offending = not_active,
	        .message = "an event is injected into a processor that waits for SIPI",
	        .legal = "no injection with wait-for-SIPI",
	        .explanation = RULE_TEXT(
	                "A processor that waits for a start-up interprocessor interrupt has no "
	                "stack and no interrupt table yet. Everything else is held back until the "
	                "SIPI has arrived."),
	        .symptom = RULE_TEXT("A secondary processor of the guest gets an interrupt before "
	                             "the first one has started it."),
	        .hint = "hold interrupts back until the guest's processor has been started",
	},
	{
	        .id = "ACT-SIPI-SMM",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(WAIT_FOR_SIPI_STATE) | ON(ENTRY_TO_SMM),
	        .field = F_GUEST_ACTIVITY_STATE,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = not_active,
	        .message = "the guest waits for SIPI and is to be entered in SMM",
	        .legal = "another activity state where the VM-entry control \"entry to SMM\" is 1",
	        .explanation = RULE_TEXT(
	                "Wait-for-SIPI blocks SMIs, so a processor that waits for SIPI is never "
	                "in system-management mode."),
	        .symptom = RULE_TEXT("Only SMM-transfer monitors encounter it: outside SMM the "
	                             "control itself is refused first."),
	        .hint = "\"entry to SMM\" is for SMM-transfer monitors and 0 everywhere else",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("outside SMM a check of SMI blocking fails as well")),
	},
};

const struct rule_group activity_rules = { rules, COUNT(rules) };
