/*
 * The rules on the allowed settings of VM-execution controls: SDM 3C 27.2.1.1, "VM-Execution Control
 * Fields".  What the controls demand of each other is in execution_controls.c.
 */
#include <r33/array.h>

#include "rules/controls.h"

static uint64_t
pin_settings(struct rule_state *state, unsigned index)
{
	(void)index;
	return not_allowed(
	        &state->capabilities->pin_based, FIELD(state, PIN_BASED_VM_EXECUTION_CONTROLS));
}

static uint64_t
primary_settings(struct rule_state *state, unsigned index)
{
	(void)index;
	return not_allowed(&state->capabilities->primary,
	        FIELD(state, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS));
}

static uint64_t
secondary_settings(struct rule_state *state, unsigned index)
{
	(void)index;
	return not_allowed(&state->capabilities->secondary,
	        FIELD(state, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS));
}

static uint64_t
tertiary_settings(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) &
	       ~state->capabilities->tertiary_may_be_one;
}

#define CONTROL .section = SECTION_EXECUTION_CONTROLS, .outcome = VMFAIL_CONTROL

/* Three words of controls, of which some bits are fixed; and the tertiary ones. */
#define SETTINGS_EXPLANATION \
	RULE_TEXT( \
	        "A control is a feature of the processor. Where the feature is missing its bit " \
	        "must be 0; where it cannot be switched off, or the bit has no meaning yet, the " \
	        "bit must be 1. A capability MSR has the allowed 0-settings in its lower half " \
	        "and the allowed 1-settings in its upper half.")
#define SETTINGS_SYMPTOM \
	RULE_TEXT("VM-instruction error 7 at every VM entry on this machine; on one with other " \
	          "features the same value works.")

static const struct rule rules[] = {
	{
	        CONTROL,
	        .id = "CTL-PIN-RSVD",
	        .field = F_PIN_BASED_VM_EXECUTION_CONTROLS,
	        .needs = ON(NEEDS_CONTROLS),
	        .offending = pin_settings,
	        .message = "bits of the pin-based controls have a setting that is not allowed",
	        .legal = "settings that IA32_VMX_TRUE_PINBASED_CTLS allows "
	                 "(IA32_VMX_PINBASED_CTLS where IA32_VMX_BASIC bit 55 is 0)",
	        .explanation = SETTINGS_EXPLANATION,
	        .symptom = SETTINGS_SYMPTOM,
	        .hint = "compute (wanted | lower half) & upper half of the capability MSR",
	},
	{
	        CONTROL,
	        .id = "CTL-PROC-RSVD",
	        .field = F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .needs = ON(NEEDS_CONTROLS),
	        .offending = primary_settings,
	        .message = "bits of the primary processor-based controls have a setting that is "
	                   "not allowed",
	        .legal = "settings that IA32_VMX_TRUE_PROCBASED_CTLS allows "
	                 "(IA32_VMX_PROCBASED_CTLS where IA32_VMX_BASIC bit 55 is 0)",
	        .explanation = SETTINGS_EXPLANATION,
	        .symptom = SETTINGS_SYMPTOM,
	        .hint = "compute (wanted | lower half) & upper half of the capability MSR",
	},
	{
	        CONTROL,
	        .id = "CTL-PROC2-RSVD",
	        .when = ON(SECONDARY_CONTROLS_ACTIVE),
	        .field = F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .needs = ON(NEEDS_CONTROLS),
	        .offending = secondary_settings,
	        .message = "bits of the secondary processor-based controls have a setting that is "
	                   "not allowed",
	        .legal = "settings that IA32_VMX_PROCBASED_CTLS2 allows",
	        .explanation = SETTINGS_EXPLANATION,
	        .symptom = SETTINGS_SYMPTOM,
	        .hint = "most of these features are newer than VMX: test each bit before using it",
	},
	{
	        CONTROL,
	        .id = "CTL-PROC3-RSVD",
	        .when = ON(TERTIARY_CONTROLS_ACTIVE),
	        .field = F_TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .needs = ON(NEEDS_CONTROLS),
	        .offending = tertiary_settings,
	        .message = "bits of the tertiary processor-based controls are 1 that may not be",
	        .legal = "bits that IA32_VMX_PROCBASED_CTLS3 has as 1",
	        .explanation = RULE_TEXT("A control is a feature of the processor. Where the "
	                                 "feature is missing its bit must be 0. No tertiary "
	                                 "control has to be 1."),
	        .symptom = SETTINGS_SYMPTOM,
	        .hint = "the capability MSR has 64 bits of allowed 1-settings, and no lower half",
	        .bochs = IN_2_7(BOCHS_CANNOT),
	        .bochs_detail = IN_2_7(RULE_TEXT("no model has tertiary controls")),
	},
};

const struct rule_group control_setting_rules = { rules, COUNT(rules) };
