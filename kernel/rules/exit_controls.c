/*
 * The rules on VM-exit controls: SDM 3C 27.2.1.2, "VM-Exit Control Fields".
 */
#include <r33/array.h>
#include <r33/controls.h>

#include "rules/controls.h"

static uint64_t
exit_settings(struct rule_state *state, unsigned index)
{
	(void)index;
	return not_allowed(&state->capabilities->exit, FIELD(state, VM_EXIT_CONTROLS));
}

static uint64_t
save_timer(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, PIN_BASED_VM_EXECUTION_CONTROLS) & PIN_PREEMPTION_TIMER
	               ? 0
	               : FIELD(state, VM_EXIT_CONTROLS) & VM_EXIT_SAVE_PREEMPTION_TIMER;
}

/* index: enum rule_field of the area's count; its address is the next one. */
static uint64_t
msr_area(struct rule_state *state, unsigned index)
{
	uint64_t count = state->values[index], address = state->values[index + 1];

	if (!count)
		return 0;
	return msr_area_address(state, address) | msr_area_end(state, address, count);
}

/* It computes the area's size with 32 bits. */
static bool
bochs_msr_area(struct rule_state *state, unsigned index)
{
	uint64_t address = state->values[index + 1];

	return !msr_area_address(state, address) &&
	       !msr_area_end_of_bochs(state, address, state->values[index]);
}

#define CONTROL .section = SECTION_EXIT_CONTROLS, .outcome = VMFAIL_CONTROL
#define MSR_AREA_RULE(id_, name, count, address, what) \
	{ CONTROL, .id = id_, .field = address, .also = { count }, .index = count, \
		.bochs = IN_ALL(BOCHS_DIFFERS), \
		.needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION), \
		.offending = msr_area, .bochs_lets_pass = bochs_msr_area, \
		.message = "the VM-exit " name " area is malformed", \
		.legal = "an address that is a multiple of 16, and an area that ends within the " \
		         "physical-address width", \
		.explanation = RULE_TEXT( \
		        "The area holds 16 bytes for each MSR that a VM exit " what ", and the " \
		        "count says how many there are. With a count of 0 the address is not " \
		        "looked at."), \
		.symptom = RULE_TEXT("VM-instruction error 7 as soon as the count is not 0."), \
		.hint = "the address is physical, and the count is in entries, not in " \
		        "bytes", \
		.bochs_detail = IN_ALL(RULE_TEXT("the size is computed with 32 bits: " \
		                                 "counts of 2^28 and more wrap")) }

static const struct rule rules[] = {
	{
	        CONTROL,
	        .id = "CTL-EXIT-RSVD",
	        .field = F_VM_EXIT_CONTROLS,
	        .needs = ON(NEEDS_CONTROLS),
	        .offending = exit_settings,
	        .message = "bits of the VM-exit controls have a setting that is not allowed",
	        .legal = "settings that IA32_VMX_TRUE_EXIT_CTLS allows (IA32_VMX_EXIT_CTLS where "
	                 "IA32_VMX_BASIC bit 55 is 0)",
	        .explanation = RULE_TEXT(
	                "A control is a feature of the processor. The capability MSR has a 1 in "
	                "its lower half for each bit that must be 1, and a 0 in its upper half for "
	                "each that must be 0."),
	        .symptom = RULE_TEXT("VM-instruction error 7 at every VM entry on this machine; on "
	                             "one with other features the same value works."),
	        .hint = "compute (wanted | lower half) & upper half of the capability MSR",
	},
	{
	        CONTROL,
	        .id = "CTL-PREEMPT-SAVE",
	        .field = F_VM_EXIT_CONTROLS,
	        .also = { F_PIN_BASED_VM_EXECUTION_CONTROLS },
	        .offending = save_timer,
	        .message = "\"save VMX-preemption timer value\" (bit 22) is 1 and the timer is off",
	        .legal = "bit 22 is 0 unless the pin-based control \"activate VMX-preemption "
	                 "timer\" is 1",
	        .explanation = RULE_TEXT(
	                "The control stores what is left of the timer at a VM exit. A timer that "
	                "does not run has nothing left."),
	        .symptom = RULE_TEXT("VM-instruction error 7 after the timer was switched off for "
	                             "a guest."),
	        .hint = "switch both controls together",
	},
	MSR_AREA_RULE("CTL-EXIT-MSR-STORE", "MSR-store", F_VM_EXIT_MSR_STORE_COUNT,
	        F_VM_EXIT_MSR_STORE_ADDRESS, "stores"),
	MSR_AREA_RULE("CTL-EXIT-MSR-LOAD", "MSR-load", F_VM_EXIT_MSR_LOAD_COUNT,
	        F_VM_EXIT_MSR_LOAD_ADDRESS, "loads"),
};

const struct rule_group exit_control_rules = { rules, COUNT(rules) };
