/*
 * The rules on DR7 and on the MSRs that VM entry can load: SDM 3C 27.3.1.1, "Checks on Guest
 * Control Registers, Debug Registers, and MSRs".  Newer processors' are in newer_msrs.c.
 *
 * A field of an MSR counts only while the VM-entry control that loads it is 1.
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/msr.h>

#include "rules/state.h"

#define PAT_BYTE 0xffull

static uint64_t
debugctl_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_DEBUGCTL) & ~state->capabilities->debugctl_bits;
}

static uint64_t
perf_global_ctrl_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_PERF_GLOBAL_CTRL) &
	       ~state->capabilities->perf_global_ctrl_bits;
}

/* index: the byte. */
static uint64_t
pat_byte(struct rule_state *state, unsigned index)
{
	return wrong_memory_types(FIELD(state, GUEST_IA32_PAT), PAT_TYPES) &
	       (PAT_BYTE << (8 * index));
}

static uint64_t
efer_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_EFER) & ~state->capabilities->efer_bits;
}

static uint64_t
efer_lma_control(struct rule_state *state, unsigned index)
{
	uint64_t expected = holds(state, IA32E_MODE_GUEST) ? EFER_LMA : 0;

	(void)index;
	return (FIELD(state, GUEST_IA32_EFER) ^ expected) & EFER_LMA;
}

static uint64_t
efer_lma_lme(struct rule_state *state, unsigned index)
{
	uint64_t efer = FIELD(state, GUEST_IA32_EFER);

	(void)index;
	return !(efer & EFER_LMA) == !(efer & EFER_LME) ? 0 : EFER_LMA | EFER_LME;
}

#define PAT_RULE(byte, bits) \
	{ .id = "PAT-BYTE" #byte, \
		.section = SECTION_CONTROL_REGISTERS, \
		.when = ON(LOAD_PAT), \
		.field = F_GUEST_IA32_PAT, \
		.index = byte, \
		.offending = pat_byte, \
		.message = "byte " #byte " (bits " bits ") is not a memory type", \
		.legal = "0 (UC), 1 (WC), 4 (WT), 5 (WP), 6 (WB) or 7 (UC-) in " \
		         "bits " bits, \
		.explanation = RULE_TEXT( \
		        "The page-attribute table has eight entries of a byte each; page tables " \
		        "choose one by PAT, PCD and PWT. 2, 3 and everything above 7 are " \
		        "reserved: WRMSR raises #GP for them, and VM entry refuses them."), \
		.symptom = RULE_TEXT("Usually the whole field is not a PAT at all: it was never " \
		                     "written where it is not 0, or bytes were shifted."), \
		.hint = "after reset the PAT is 0007040600070406h; check that no byte was " \
		        "shifted" }

static const struct rule rules[] = {
	{
	        .id = "DEBUGCTL-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_DEBUG_CONTROLS),
	        .field = F_GUEST_IA32_DEBUGCTL,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .needs = ON(NEEDS_MSR_BITS),
	        .offending = debugctl_reserved,
	        .message = "reserved bits of IA32_DEBUGCTL are 1",
	        .legal = "only bits that this processor's IA32_DEBUGCTL has",
	        .explanation = RULE_TEXT(
	                "VM entry loads the MSR from this field and would raise #GP if it were "
	                "WRMSR; a VM entry cannot raise #GP, so it checks beforehand. Bits 5:3 and "
	                "63:16 are reserved on every processor; others, such as bus-lock detection "
	                "(2) and RTM debugging (15), come with features."),
	        .symptom = RULE_TEXT("A guest that was moved from a newer processor fails, or one "
	                             "whose DEBUGCTL was kept although its debugger had set a bit "
	                             "that this processor lacks."),
	        .hint = "the guest's last WRMSR to IA32_DEBUGCTL was copied unchecked",
	        .bochs_detail = IN_ALL(RULE_TEXT("the field is read but not checked")),
	},
	{
	        .id = "DR7-HI",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_DEBUG_CONTROLS),
	        .field = F_GUEST_DR7,
	        .index = F_GUEST_DR7,
	        .offending = field_upper_half,
	        .message = "bits 63:32 are not 0",
	        .legal = "bits 63:32 = 0",
	        .explanation =
	                RULE_TEXT("The upper half of DR7 is reserved: MOV to DR7 raises #GP when "
	                          "one of its bits is 1. The reserved bits of the lower half are "
	                          "not checked; VM entry corrects them itself."),
	        .symptom = RULE_TEXT("The field holds a 64-bit value that is not a DR7: often an "
	                             "address, because two fields were swapped."),
	        .hint = "after reset DR7 is 400h",
	},
	{
	        .id = "SYSENTER-ESP-CANON",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_IA32_SYSENTER_ESP,
	        .index = F_GUEST_IA32_SYSENTER_ESP,
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        CANONICAL_IN_BOCHS,
	        .offending = field_not_canonical,
	        .message = "the address is not canonical",
	        .legal =
	                "an address whose upper bits are all copies of the highest implemented one",
	        .explanation = RULE_TEXT(
	                "The MSR holds a linear address, and on processors with Intel 64 every "
	                "linear address in a register must be canonical: bits 63:48 (63:57 with "
	                "57-bit addresses) repeat the bit below. It is checked for 32-bit guests "
	                "too, whether or not they use SYSENTER."),
	        .symptom = RULE_TEXT("The field holds what WRMSR would have refused: mostly an "
	                             "address cut or shifted by the hypervisor."),
	        .hint = "an address of the upper half lost its sign extension",
	},
	{
	        .id = "SYSENTER-EIP-CANON",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_IA32_SYSENTER_EIP,
	        .index = F_GUEST_IA32_SYSENTER_EIP,
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        CANONICAL_IN_BOCHS,
	        .offending = field_not_canonical,
	        .message = "the address is not canonical",
	        .legal =
	                "an address whose upper bits are all copies of the highest implemented one",
	        .explanation = RULE_TEXT(
	                "As for SYSENTER_ESP: a linear address in a register must be canonical. "
	                "SYSENTER would otherwise start at an address that cannot be fetched "
	                "from."),
	        .symptom = RULE_TEXT("The guest had no SYSENTER handler yet, and the hypervisor "
	                             "put something other than 0 there."),
	        .hint = "an address of the upper half lost its sign extension",
	},
	{
	        .id = "PERF-GLOBAL-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_PERF_GLOBAL_CTRL),
	        .field = F_GUEST_IA32_PERF_GLOBAL_CTRL,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .needs = ON(NEEDS_MSR_BITS),
	        .offending = perf_global_ctrl_reserved,
	        .message = "bits of counters that this processor does not have are 1",
	        .legal = "a bit for each general counter (from 0) and each fixed counter (from 32) "
	                 "that CPUID leaf 0Ah reports",
	        .explanation =
	                RULE_TEXT("IA32_PERF_GLOBAL_CTRL has one enable bit for each performance "
	                          "counter. How many there are differs between processors, and "
	                          "bits of counters that do not exist are reserved."),
	        .symptom = RULE_TEXT("The guest runs on one host and not on another with fewer "
	                             "counters, or with hyper-threading switched on (which halves "
	                             "them on some)."),
	        .hint = "the mask was built from another processor's number of counters",
	        .bochs_detail = IN_ALL(RULE_TEXT("the control exists and has no effect")),
	},
	PAT_RULE(0, "7:0"),
	PAT_RULE(1, "15:8"),
	PAT_RULE(2, "23:16"),
	PAT_RULE(3, "31:24"),
	PAT_RULE(4, "39:32"),
	PAT_RULE(5, "47:40"),
	PAT_RULE(6, "55:48"),
	PAT_RULE(7, "63:56"),
	{
	        .id = "EFER-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_EFER),
	        .field = F_GUEST_IA32_EFER,
	        .needs = ON(NEEDS_MSR_BITS),
	        .offending = efer_reserved,
	        .message = "reserved bits of IA32_EFER are 1",
	        .legal =
	                "only SCE (0), LME (8), LMA (10) and NXE (11), as far as the processor has "
	                "them",
	        .explanation = RULE_TEXT(
	                "Intel's EFER has four bits. NXE exists where CPUID reports "
	                "execute-disable; bits that only AMD's processors have (SVME, LMSLE, "
	                "FFXSR, TCE) are reserved."),
	        .symptom = RULE_TEXT("Bit 12 (SVME) or 14 (FFXSR) was kept from a guest that was "
	                             "started on an AMD processor."),
	        .hint = "the value came from another processor, or NX is switched off in the "
	                "firmware",
	},
	{
	        .id = "EFER-LMA-CTL",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_EFER),
	        .field = F_GUEST_IA32_EFER,
	        .also = { F_VM_ENTRY_CONTROLS },
	        .offending = efer_lma_control,
	        .message = "LMA differs from the VM-entry control \"IA-32e mode guest\"",
	        .legal = "LMA = 1 exactly when the control \"IA-32e mode guest\" is 1",
	        .explanation = RULE_TEXT(
	                "The VMCS says in two places whether the guest starts in IA-32e mode: in "
	                "the control and, where EFER is loaded, in LMA. They must not contradict "
	                "each other, in either direction."),
	        .symptom = RULE_TEXT("The guest switched to or from long mode, its EFER was "
	                             "updated and the VM-entry control was not."),
	        .hint = "change the control and LMA in one place, whenever the guest's CR0.PG "
	                "changes",
	},
	{
	        .id = "EFER-LMA-LME",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_EFER) | ON(PAGING),
	        .field = F_GUEST_IA32_EFER,
	        .offending = efer_lma_lme,
	        .message = "LMA and LME differ although paging is on",
	        .legal = "LMA = LME while CR0.PG = 1; with CR0.PG = 0, LME may be 1 and LMA is 0",
	        .explanation = RULE_TEXT(
	                "LME is the wish, LMA the fact: switching paging on with LME = 1 makes LMA "
	                "1. With paging on they are therefore the same; a guest on its way to long "
	                "mode has LME = 1 and LMA = 0 only while paging is off."),
	        .symptom = RULE_TEXT("The hypervisor handled the guest's write of CR0.PG and "
	                             "forgot LMA, or the guest's write of LME was let through "
	                             "while paging was on."),
	        .hint = "LMA follows LME at the moment when CR0.PG becomes 1",
	},
};

const struct rule_group msr_rules = { rules, COUNT(rules) };
