/*
 * The rules on CR0, CR3 and CR4: SDM 3C 27.3.1.1, "Checks on Guest Control Registers, Debug
 * Registers, and MSRs".
 */
#include <r33/array.h>
#include <r33/control_registers.h>

#include "rules/state.h"

#define CR0_NEVER_CHECKED (CR0_NW | CR0_CD)
#define CR3_WIDTH_MAX     52

static uint64_t
cr0_fixed0(struct rule_state *state, unsigned index)
{
	uint64_t must_be_one = state->capabilities->cr0_fixed0 & ~CR0_NEVER_CHECKED;

	(void)index;
	if (holds(state, UNRESTRICTED_GUEST))
		must_be_one &= ~(CR0_PE | CR0_PG);
	return must_be_one & ~FIELD(state, GUEST_CR0);
}

static uint64_t
cr0_fixed1(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_CR0) & ~state->capabilities->cr0_fixed1 & ~CR0_NEVER_CHECKED;
}

static uint64_t
cr0_pg_pe(struct rule_state *state, unsigned index)
{
	(void)index;
	return CR0_PE & ~FIELD(state, GUEST_CR0);
}

static uint64_t
cr4_fixed0(struct rule_state *state, unsigned index)
{
	(void)index;
	return state->capabilities->cr4_fixed0 & ~FIELD(state, GUEST_CR4);
}

static uint64_t
cr4_fixed1(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_CR4) & ~state->capabilities->cr4_fixed1;
}

static uint64_t
cr4_cet_wp(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_CR0) & CR0_WP ? 0 : FIELD(state, GUEST_CR4) & CR4_CET;
}

static uint64_t
cr4_fred(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_CR4) & CR4_FRED;
}

static uint64_t
ia32e_pg(struct rule_state *state, unsigned index)
{
	(void)index;
	return CR0_PG & ~FIELD(state, GUEST_CR0);
}

static uint64_t
ia32e_pae(struct rule_state *state, unsigned index)
{
	(void)index;
	return CR4_PAE & ~FIELD(state, GUEST_CR4);
}

static uint64_t
cr4_pcide(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_CR4) & CR4_PCIDE;
}

static uint64_t
cr3_maxphy(struct rule_state *state, unsigned index)
{
	unsigned width = state->capabilities->physical_address_width;
	uint64_t exempt = state->capabilities->linear_address_masking ? CR3_LAM : 0;

	(void)index;
	return FIELD(state, GUEST_CR3) & bits_from(width < CR3_WIDTH_MAX ? width : CR3_WIDTH_MAX) &
	       ~exempt;
}

static const struct rule rules[] = {
	{
	        .id = "CR0-FIXED0",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_CR0,
	        .also = { F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	                F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS },
	        .needs = ON(NEEDS_CR0_FIXED),
	        .offending = cr0_fixed0,
	        .message = "bits that must be 1 in VMX operation are 0",
	        .legal = "every bit that is 1 in IA32_VMX_CR0_FIXED0; PE and PG are free when the "
	                 "control \"unrestricted guest\" is 1",
	        .explanation = RULE_TEXT(
	                "VMX operation supports only some settings of CR0, for the guest as for "
	                "the host: the processor reports them in IA32_VMX_CR0_FIXED0 and _FIXED1. "
	                "On all processors NE is among them, and without unrestricted guest PE and "
	                "PG too, because such a processor can run guests only in protected mode "
	                "with paging."),
	        .symptom = RULE_TEXT("A guest that should start in real mode fails at its first "
	                             "entry; or every guest does, because NE was forgotten."),
	        .hint = "IA32_VMX_CR0_FIXED0 lists them: NE always; PE and PG too, unless the "
	                "processor has unrestricted guest",
	},
	{
	        .id = "CR0-FIXED1",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_CR0,
	        .needs = ON(NEEDS_CR0_FIXED),
	        .offending = cr0_fixed1,
	        .message = "bits that must be 0 are 1",
	        .legal = "0 in every bit that is 0 in IA32_VMX_CR0_FIXED1; NW and CD are free",
	        .explanation = RULE_TEXT(
	                "IA32_VMX_CR0_FIXED1 has a 0 for each bit that must stay 0. In practice "
	                "that is the upper half of the register: bits 63:32 are reserved."),
	        .symptom = RULE_TEXT("The value has digits above the lower eight: usually a 64-bit "
	                             "value of another field, or uninitialized memory."),
	        .hint = "IA32_VMX_CR0_FIXED1 has a 0 for each of them; they are mostly the upper "
	                "half",
	},
	{
	        .id = "CR0-PG-PE",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(PAGING),
	        .field = F_GUEST_CR0,
	        .offending = cr0_pg_pe,
	        .message = "paging is on (PG = 1) and protection is off (PE = 0)",
	        .legal = "PE = 1 together with PG = 1; PG = 0 in real mode",
	        .explanation = RULE_TEXT(
	                "Paging exists only in protected mode. MOV to CR0 raises #GP for the "
	                "combination, so no guest can reach it, and VM entry does not create it."),
	        .symptom = RULE_TEXT("Without unrestricted guest CR0-FIXED0 is violated too, since "
	                             "PE is fixed."),
	        .hint = "unrestricted guest frees PE and PG from the fixed bits, but paging still "
	                "needs protected mode",
	},
	{
	        .id = "CR4-FIXED0",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_CR4,
	        .needs = ON(NEEDS_CR4_FIXED),
	        .offending = cr4_fixed0,
	        .message = "bits that must be 1 in VMX operation are 0",
	        .legal = "every bit that is 1 in IA32_VMX_CR4_FIXED0: VMXE",
	        .explanation = RULE_TEXT(
	                "The guest runs in VMX non-root operation, which is VMX operation, so VMXE "
	                "stays 1 in the real register. What the guest reads is another matter: the "
	                "CR4 guest/host mask and read shadow can hide it."),
	        .symptom = RULE_TEXT("Every guest fails at its first entry."),
	        .hint = "IA32_VMX_CR4_FIXED0 lists them: VMXE, even though the guest itself never "
	                "uses VMX",
	},
	{
	        .id = "CR4-FIXED1",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_CR4,
	        .needs = ON(NEEDS_CR4_FIXED),
	        .offending = cr4_fixed1,
	        .message = "bits that this processor does not have are 1",
	        .legal = "0 in every bit that is 0 in IA32_VMX_CR4_FIXED1",
	        .explanation = RULE_TEXT(
	                "A bit of CR4 exists when the processor has the feature; all others are "
	                "reserved. IA32_VMX_CR4_FIXED1 has a 1 for each that may be set in VMX "
	                "operation."),
	        .symptom = RULE_TEXT("The same guest starts on one machine and fails on an older "
	                             "one, typically after a migration."),
	        .hint = "IA32_VMX_CR4_FIXED1 has a 0 for each of them; which ones differs from "
	                "processor to processor",
	},
	{
	        .id = "CR4-CET-WP",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_CR4,
	        .also = { F_GUEST_CR0 },
	        .offending = cr4_cet_wp,
	        .message = "CET is 1 although CR0.WP is 0",
	        .legal = "CR0.WP = 1 where CR4.CET = 1",
	        .explanation = RULE_TEXT(
	                "Shadow stacks are pages that ordinary writes cannot reach. With WP = 0 "
	                "supervisor code could write to read-only pages and so to shadow stacks; "
	                "therefore the two bits go together, in MOV to CR0 and CR4 as well."),
	        .symptom = RULE_TEXT("A guest kernel that clears WP for a moment is stopped just "
	                             "then and cannot be entered again."),
	        .hint = "shadow stacks rely on write protection: a guest with CET needs CR0.WP as "
	                "well",
	},
	{
	        .id = "CR4-FRED-IA32E",
	        .section = SECTION_CONTROL_REGISTERS,
	        .unless = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_CR4,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = cr4_fred,
	        .message = "FRED (bit 32) is 1 in a guest that is not in IA-32e mode",
	        .legal = "FRED = 0 unless the control \"IA-32e mode guest\" is 1",
	        .explanation = RULE_TEXT(
	                "Flexible return and event delivery replaces the interrupt-descriptor "
	                "table and exists in IA-32e mode only."),
	        .symptom = RULE_TEXT("On a processor without FRED bit 32 is reserved, and "
	                             "CR4-FIXED1 is violated too."),
	        .hint = "the guest's CR4 was kept while it left IA-32e mode",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
	{
	        .id = "IA32E-PG",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_CR0,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .offending = ia32e_pg,
	        .message = "the guest starts in IA-32e mode without paging (PG = 0)",
	        .legal = "PG = 1 where the VM-entry control \"IA-32e mode guest\" is 1",
	        .explanation = RULE_TEXT(
	                "IA-32e mode is entered by switching paging on, and left by switching it "
	                "off: EFER.LMA is 1 only while CR0.PG is 1."),
	        .symptom = RULE_TEXT("Only with unrestricted guest can this rule be violated "
	                             "alone; otherwise PG is fixed to 1 anyway."),
	        .hint = "IA-32e mode exists only with paging; the VM-entry control \"IA-32e mode "
	                "guest\" is 1",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("not checked; entering such a guest may end in a panic")),
	},
	{
	        .id = "IA32E-PAE",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_CR4,
	        .offending = ia32e_pae,
	        .message = "the guest starts in IA-32e mode without PAE",
	        .legal = "PAE = 1 where the VM-entry control \"IA-32e mode guest\" is 1",
	        .explanation = RULE_TEXT(
	                "4-level and 5-level paging use the 64-bit entries that PAE introduced; a "
	                "guest in IA-32e mode cannot do without."),
	        .symptom = RULE_TEXT("A 64-bit guest fails, and the same code with the control "
	                             "\"IA-32e mode guest\" = 0 is entered."),
	        .hint = "4-level paging is an extension of PAE paging: CR4.PAE must be 1",
	},
	{
	        .id = "CR4-PCIDE-32",
	        .section = SECTION_CONTROL_REGISTERS,
	        .unless = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_CR4,
	        .offending = cr4_pcide,
	        .message = "PCIDE is 1 in a guest that is not in IA-32e mode",
	        .legal = "PCIDE = 0 unless the control \"IA-32e mode guest\" is 1",
	        .explanation = RULE_TEXT(
	                "Process-context identifiers are a feature of 4-level paging; the guest "
	                "itself gets #GP when it leaves IA-32e mode with PCIDE = 1."),
	        .symptom = RULE_TEXT("Legal in a 64-bit guest and refused in a 32-bit one with "
	                             "the same CR4."),
	        .hint = "process-context identifiers exist in IA-32e mode only",
	},
	{
	        .id = "CR3-MAXPHY",
	        .section = SECTION_CONTROL_REGISTERS,
	        .field = F_GUEST_CR3,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_EXTENSIONS),
	        .offending = cr3_maxphy,
	        .message = "the address has bits beyond the physical-address width",
	        .legal = "0 in bits 63:MAXPHYADDR (bits 62:61 are free where LAM exists)",
	        .explanation = RULE_TEXT(
	                "CR3 holds a physical address, and the processor has MAXPHYADDR address "
	                "bits (CPUID leaf 80000008h, EAX[7:0]). The low bits, PWT and PCD or a "
	                "PCID among them, are not checked."),
	        .symptom = RULE_TEXT("Often a linear address of the upper half is where a physical "
	                             "one belongs, or bit 63 was kept from a MOV to CR3."),
	        .hint = "CPUID leaf 80000008h, EAX[7:0], gives the width (MAXPHYADDR)",
	},
};

const struct rule_group control_register_rules = { rules, COUNT(rules) };
