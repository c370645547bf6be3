/*
 * The rules on VM-entry controls and the VM-entry MSR-load area's place: SDM 3C 27.2.1.3, "VM-Entry
 * Control Fields".  Those on event injection are in injection.c.
 */
#include <r33/array.h>

#include "rules/controls.h"

#define TO_SMM                    (1ull << 10)
#define DEACTIVATE_DUAL_TREATMENT (1ull << 11)

static uint64_t
entry_settings(struct rule_state *state, unsigned index)
{
	(void)index;
	return not_allowed(&state->capabilities->entry, FIELD(state, VM_ENTRY_CONTROLS));
}

static uint64_t
entry_to_smm(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, VM_ENTRY_CONTROLS) & TO_SMM;
}

static uint64_t
dual_monitor(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, VM_ENTRY_CONTROLS) & DEACTIVATE_DUAL_TREATMENT;
}

static uint64_t
both_smm_controls(struct rule_state *state, unsigned index)
{
	uint64_t both = TO_SMM | DEACTIVATE_DUAL_TREATMENT;

	(void)index;
	return (FIELD(state, VM_ENTRY_CONTROLS) & both) == both ? both : 0;
}

static uint64_t
area_address(struct rule_state *state, unsigned index)
{
	(void)index;
	return msr_area_address(state, FIELD(state, VM_ENTRY_MSR_LOAD_ADDRESS));
}

static uint64_t
area_end(struct rule_state *state, unsigned index)
{
	(void)index;
	return msr_area_end(state, FIELD(state, VM_ENTRY_MSR_LOAD_ADDRESS),
	        FIELD(state, VM_ENTRY_MSR_LOAD_COUNT));
}

/* It computes the area's size with 32 bits. */
static bool
bochs_area_end(struct rule_state *state, unsigned index)
{
	(void)index;
	return !msr_area_end_of_bochs(state, FIELD(state, VM_ENTRY_MSR_LOAD_ADDRESS),
	        FIELD(state, VM_ENTRY_MSR_LOAD_COUNT));
}

#define CONTROL .section = SECTION_ENTRY_CONTROLS, .outcome = VMFAIL_CONTROL

static const struct rule rules[] = {
	{
	        CONTROL,
	        .id = "CTL-ENTRY-RSVD",
	        .field = F_VM_ENTRY_CONTROLS,
	        .needs = ON(NEEDS_CONTROLS),
	        .offending = entry_settings,
	        .message = "bits of the VM-entry controls have a setting that is not allowed",
	        .legal = "settings that IA32_VMX_TRUE_ENTRY_CTLS allows (IA32_VMX_ENTRY_CTLS where "
	                 "IA32_VMX_BASIC bit 55 is 0)",
	        .explanation = RULE_TEXT(
	                "A control is a feature of the processor: where IA32_BNDCFGS or PKRS does "
	                "not exist, it cannot be loaded. The capability MSR has a 1 in its lower "
	                "half for each bit that must be 1, and a 0 in its upper half for each that "
	                "must be 0."),
	        .symptom = RULE_TEXT("VM-instruction error 7 at every VM entry on this machine; on "
	                             "one with other features the same value works."),
	        .hint = "compute (wanted | lower half) & upper half of the capability MSR",
	},
	{
	        CONTROL,
	        .id = "CTL-ENTRY-SMM",
	        .unless = ON(IN_SMM),
	        .field = F_VM_ENTRY_CONTROLS,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .offending = entry_to_smm,
	        .message = "\"entry to SMM\" (bit 10) is 1 outside SMM",
	        .legal = "bit 10 is 0 outside system-management mode",
	        .explanation = RULE_TEXT(
	                "Only an SMM-transfer monitor, which is in SMM itself, can enter a guest "
	                "in SMM. Otherwise any monitor could get into the mode that is hidden from "
	                "it."),
	        .symptom = RULE_TEXT("VM-instruction error 7 as soon as the bit is set."),
	        .hint = "guests' SMM is emulated by hypervisors; leave the bit 0",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("the control passes, and exit reason 33 follows because "
	                                 "of the guest's blocking by SMI, whatever that is")),
	},
	{
	        CONTROL,
	        .id = "CTL-ENTRY-DUALMON",
	        .unless = ON(IN_SMM),
	        .field = F_VM_ENTRY_CONTROLS,
	        .offending = dual_monitor,
	        .message = "\"deactivate dual-monitor treatment\" (bit 11) is 1 outside SMM",
	        .legal = "bit 11 is 0 outside system-management mode",
	        .explanation = RULE_TEXT(
	                "Dual-monitor treatment gives SMIs to a monitor of their own. That monitor "
	                "may end it; the other one may not."),
	        .symptom = RULE_TEXT("VM-instruction error 7 as soon as the bit is set."),
	        .hint = "the bit is for SMM-transfer monitors and 0 everywhere else",
	},
	{
	        CONTROL,
	        .id = "CTL-ENTRY-SMM-BOTH",
	        .when = ON(IN_SMM),
	        .field = F_VM_ENTRY_CONTROLS,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = both_smm_controls,
	        .message = "\"entry to SMM\" and \"deactivate dual-monitor treatment\" are both 1",
	        .legal = "at most one of bits 10 and 11",
	        .explanation = RULE_TEXT(
	                "Without dual-monitor treatment there are no guests in SMM, so a VM entry "
	                "cannot end the treatment and enter such a guest."),
	        .symptom = RULE_TEXT("Only SMM-transfer monitors encounter it."),
	        .hint = "leave SMM first",
	        .bochs_detail = IN_ALL(RULE_TEXT("not checked, and no monitor gets into SMM")),
	},
	{
	        CONTROL,
	        .id = "CTL-MSRLOAD-ADDR",
	        .when = ON(MSR_LOAD_AREA),
	        .field = F_VM_ENTRY_MSR_LOAD_ADDRESS,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION),
	        .offending = area_address,
	        .message = "the address of the VM-entry MSR-load area is malformed",
	        .legal = "0 in bits 3:0 and 63:MAXPHYADDR (63:32 where IA32_VMX_BASIC bit 48 is 1)",
	        .explanation = RULE_TEXT(
	                "The area is a list with 16 bytes for each MSR, named by its physical "
	                "address. With a count of 0 the address is not looked at."),
	        .symptom = RULE_TEXT("VM-instruction error 7 as soon as the count is not 0."),
	        .hint = "align the list to 16 bytes, and write its physical address",
	},
	{
	        CONTROL,
	        .id = "CTL-MSRLOAD-LAST",
	        .when = ON(MSR_LOAD_AREA),
	        .field = F_VM_ENTRY_MSR_LOAD_ADDRESS,
	        .also = { F_VM_ENTRY_MSR_LOAD_COUNT },
	        .bochs = IN_ALL(BOCHS_DIFFERS),
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION),
	        .offending = area_end,
	        .bochs_lets_pass = bochs_area_end,
	        .message = "the VM-entry MSR-load area ends beyond the physical-address width",
	        .legal = "an address of the last byte, address + 16 * count - 1, within the width",
	        .explanation = RULE_TEXT(
	                "Not only the first byte of the list has to exist. The check is made on "
	                "the address only: whether there is memory is another question."),
	        .symptom = RULE_TEXT("VM-instruction error 7; the count is usually far too "
	                             "large."),
	        .hint = "the count is in entries, not in bytes; it may be garbage",
	        .bochs_detail = IN_ALL(RULE_TEXT(
	                "the size is computed with 32 bits: counts of 2^28 and more wrap")),
	},
};

const struct rule_group entry_control_rules = { rules, COUNT(rules) };
