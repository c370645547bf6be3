/*
 * The rules on the entries of the VM-entry MSR-load area: SDM 3C 27.4, "Loading MSRs".  Exit
 * reason 34; the exit qualification is the entry's number.
 *
 * An entry has 16 bytes: the MSR's number in bits 31:0, 0 in bits 63:32, the value in bits 127:64.
 * What WRMSR thinks of the value is in msr_values.c.
 */
#include "rules/msr_load.h"

#include <r33/array.h>
#include <r33/msr.h>

#define ENTRY_BYTES       16
#define ENTRY_ALIGNMENT   (ENTRY_BYTES - 1ull)
#define NUMBER            0xffffffffull
#define X2APIC_MASK       0xffffff00ull
#define X2APIC_FIRST      0x800u
#define SMM_MONITOR_CTL   0x9bu
#define BIOS_UPDT_TRIG    0x79u
#define BIOS_SIGN_ID      0x8bu
#define MISC_MSR_MAXIMUM  25 /* IA32_VMX_MISC bits 27:25 */
#define ENTRIES_PER_COUNT 512

/* 8 bytes of entry number index.  False: not known, or the address is one that the rules on the
 * MSR-load address refuse. */
static bool
read_entry(struct rule_state *state, unsigned index, unsigned offset, uint64_t *value)
{
	uint64_t address = FIELD(state, VM_ENTRY_MSR_LOAD_ADDRESS);

	if (address & ENTRY_ALIGNMENT || beyond_vmx_width(state, address) ||
	        beyond_vmx_width(state, address + (uint64_t)ENTRY_BYTES * index))
		return false;
	if (!outside_memory(state, address + (uint64_t)ENTRY_BYTES * index + offset, value))
		return false;
	state->outside_value = *value;
	return true;
}

static uint64_t
number_at_fault(struct rule_state *state, unsigned index, bool (*at_fault)(uint32_t number))
{
	uint64_t first;

	return read_entry(state, index, 0, &first) && at_fault((uint32_t)first) ? NUMBER : 0;
}

static bool
is_fs_or_gs_base(uint32_t number)
{
	return number == IA32_FS_BASE || number == IA32_GS_BASE;
}

static bool
is_x2apic(uint32_t number)
{
	return (number & X2APIC_MASK) == X2APIC_FIRST;
}

static bool
is_smm_only(uint32_t number)
{
	return number == SMM_MONITOR_CTL;
}

static bool
is_model_specific(uint32_t number)
{
	return number == BIOS_UPDT_TRIG || number == BIOS_SIGN_ID;
}

static uint64_t
fs_or_gs_base(struct rule_state *state, unsigned index)
{
	return number_at_fault(state, index, is_fs_or_gs_base);
}

static uint64_t
x2apic(struct rule_state *state, unsigned index)
{
	return state->capabilities->x2apic_mode ? number_at_fault(state, index, is_x2apic) : 0;
}

static uint64_t
smm_only(struct rule_state *state, unsigned index)
{
	return number_at_fault(state, index, is_smm_only);
}

static uint64_t
model_specific(struct rule_state *state, unsigned index)
{
	return number_at_fault(state, index, is_model_specific);
}

static uint64_t
reserved(struct rule_state *state, unsigned index)
{
	uint64_t first;

	return read_entry(state, index, 0, &first) ? first & ~NUMBER : 0;
}

/* Numbers that no value makes good are left to their own rules. */
static bool
has_own_rule(const struct rule_state *state, uint32_t number)
{
	return is_fs_or_gs_base(number) || is_smm_only(number) || is_model_specific(number) ||
	       (is_x2apic(number) && state->capabilities->x2apic_mode);
}

static uint64_t
value_refused(struct rule_state *state, unsigned index)
{
	uint64_t first, value;

	if (!read_entry(state, index, 0, &first) || has_own_rule(state, (uint32_t)first))
		return 0;
	/* Outside x2APIC mode its MSRs do not exist. */
	if (is_x2apic((uint32_t)first))
		return NUMBER;
	if (!read_entry(state, index, sizeof(first), &value))
		return 0;
	return msr_value_refused(state, (uint32_t)first, value);
}

static bool
bochs_value_refused(struct rule_state *state, unsigned index)
{
	uint64_t reported = state->outside_value, first;

	if (!read_entry(state, index, 0, &first))
		return false;
	state->outside_value = reported;
	if (is_x2apic((uint32_t)first))
		return state->version == BOCHS_2_7 && !state->capabilities->x2apic;
	return msr_unknown_to_bochs(state->version, (uint32_t)first);
}

bool
msr_load_address(struct rule_state *state, unsigned index, uint64_t *address)
{
	uint64_t first;

	return read_entry(state, index, 0, &first) && msr_holds_address((uint32_t)first) &&
	       read_entry(state, index, sizeof(first), address);
}

static uint64_t
too_many(struct rule_state *state, unsigned index)
{
	uint64_t count = FIELD(state, VM_ENTRY_MSR_LOAD_COUNT);
	uint64_t maximum = (state->capabilities->vmx_misc >> MISC_MSR_MAXIMUM & 7) + 1;

	(void)index;
	return count > maximum * ENTRIES_PER_COUNT ? count : 0;
}

#define ENTRY_RULE \
	.section = SECTION_LOADING_MSRS, .when = ON(MSR_LOAD_AREA), \
	.field = F_VM_ENTRY_MSR_LOAD_ADDRESS, .repeat = REPEAT_MSR_LOAD, \
	.outcome = MSR_LOAD_FAILS, .looks_outside = true

static const struct rule rules[] = {
	{
	        ENTRY_RULE,
	        .id = "MSRL-FSGS-BASE",
	        .offending = fs_or_gs_base,
	        .message = "an entry names IA32_FS_BASE or IA32_GS_BASE",
	        .legal = "no entry for C0000100h and C0000101h; the bases have guest-state fields",
	        .explanation = RULE_TEXT(
	                "Both MSRs are another name for the base of a segment register, and VM "
	                "entry loads that from the guest-state area. Two sources for one value are "
	                "not allowed."),
	        .symptom = RULE_TEXT("Exit reason 34 from a list that was copied from the MSRs "
	                             "which a context switch saves."),
	        .hint = "write GUEST_FS_BASE and GUEST_GS_BASE; C0000102h may stay in the list",
	},
	{
	        ENTRY_RULE,
	        .id = "MSRL-X2APIC",
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("the kernel does not switch to x2APIC mode; outside of it "
	                                 "such entries violate MSRL-WRMSR-GP")),
	        .needs = ON(NEEDS_EXTENSIONS),
	        .offending = x2apic,
	        .message = "an entry names a register of the local APIC, which is in x2APIC mode",
	        .legal = "no entry for 800h to 8FFh",
	        .explanation = RULE_TEXT(
	                "A write to these MSRs is a command to the interrupt controller, and the "
	                "list is for state. So the whole range is excluded."),
	        .symptom = RULE_TEXT("Exit reason 34 on machines that the firmware or the system "
	                             "has put into x2APIC mode."),
	        .hint = "write to the APIC before the VM entry, with WRMSR",
	},
	{
	        ENTRY_RULE,
	        .id = "MSRL-SMM-ONLY",
	        .unless = ON(IN_SMM),
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .offending = smm_only,
	        .message = "an entry names an MSR that can be written in SMM only",
	        .legal = "no entry for 9Bh (IA32_SMM_MONITOR_CTL) outside SMM",
	        .explanation = RULE_TEXT(
	                "System-management mode protects itself from the system it serves; the "
	                "switch for its monitor can be set from inside only."),
	        .symptom = RULE_TEXT("Exit reason 34 from a list of all MSRs that can be read."),
	        .hint = "list only the MSRs that the guest needs to differ from the host",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("the MSR is unknown, and unknown MSRs are ignored")),
	},
	{
	        ENTRY_RULE,
	        .id = "MSRL-MODEL-SPECIFIC",
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .offending = model_specific,
	        .message = "an entry names an MSR that VM entry does not load",
	        .legal = "no entry for 79h (IA32_BIOS_UPDT_TRIG) and 8Bh (IA32_BIOS_SIGN_ID)",
	        .explanation = RULE_TEXT(
	                "Some MSRs cannot be loaded by VM entry for reasons of the model. The two "
	                "for microcode updates are the documented ones: a write to 79h starts an "
	                "update."),
	        .symptom = RULE_TEXT("Exit reason 34 from a list of all MSRs that can be written."),
	        .hint = "a guest must not load microcode: leave both out",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("the MSRs are unknown, and unknown MSRs are ignored")),
	},
	{
	        ENTRY_RULE,
	        .id = "MSRL-RSVD",
	        .offending = reserved,
	        .message = "bits 63:32 of an entry are not 0",
	        .legal = "the MSR's number in bits 31:0, 0 in bits 63:32, the value in bits 127:64",
	        .explanation = RULE_TEXT("An MSR's number has 32 bits. The other half of the "
	                                 "quadword is reserved, and the value follows it."),
	        .symptom = RULE_TEXT("Exit reason 34 at the first entry: number and value are in "
	                             "two 32-bit halves, or the area was never initialized."),
	        .hint = "an entry has 16 bytes: 4 for the number, 4 of zeros, 8 for the value",
	},
	{
	        ENTRY_RULE,
	        .id = "MSRL-WRMSR-GP",
	        .also = { F_GUEST_CR0, F_VM_ENTRY_CONTROLS },
	        .bochs = IN_ALL(BOCHS_DIFFERS),
	        .needs = ON(NEEDS_MSR_BITS) | ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) |
	                 ON(NEEDS_LINEAR_ADDRESS_WIDTH) | ON(NEEDS_EXTENSIONS),
	        .offending = value_refused,
	        .bochs_lets_pass = bochs_value_refused,
	        .message = "an entry has a value that WRMSR would refuse",
	        .legal = "a value that WRMSR accepts at privilege level 0, for an MSR that can be "
	                 "written",
	        .explanation = RULE_TEXT(
	                "Loading an entry is like WRMSR in the guest that has just been set up: "
	                "reserved bits, non-canonical addresses and read-only MSRs are refused as "
	                "they are there. IA32_EFER.LME must not change while the guest has "
	                "paging."),
	        .symptom = RULE_TEXT("Exit reason 34; the exit qualification counts the entries "
	                             "from 1, and the entry with that number is the one."),
	        .hint = "try the same number and value with WRMSR: it raises #GP",
	        .bochs_detail = { [BOCHS_2_7] = RULE_TEXT(
	                                  "MSRs that Bochs does not know are ignored, the x2APIC "
	                                  "range on models without x2APIC among them, and the "
	                                  "upper half of IA32_FMASK and IA32_TSC_AUX is not "
	                                  "checked"),
	                [BOCHS_3_0] = RULE_TEXT(
	                        "MSRs that Bochs does not know are ignored, and the upper half of "
	                        "IA32_FMASK and IA32_TSC_AUX is not checked; stricter on models "
	                        "with 57-bit linear addresses: an address must be canonical with "
	                        "48 bits") },
	},
	{
	        .id = "MSRL-COUNT",
	        .section = SECTION_LOADING_MSRS,
	        .field = F_VM_ENTRY_MSR_LOAD_COUNT,
	        .outcome = MSR_LOAD_FAILS,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .needs = ON(NEEDS_MISC),
	        .offending = too_many,
	        .message = "there are more entries than the processor promises to load",
	        .legal = "at most 512 entries for each unit of (IA32_VMX_MISC bits 27:25) + 1",
	        .explanation = RULE_TEXT(
	                "VM entry cannot be interrupted while it loads MSRs, so the list has to be "
	                "short. What happens beyond the limit is undefined; a machine check during "
	                "the VM entry is possible."),
	        .symptom = RULE_TEXT("Hard to tell: VM entries may just work, or fail now and "
	                             "then."),
	        .hint = "the count is in entries, not in bytes",
	        .bochs_detail = IN_ALL(RULE_TEXT("there is no limit")),
	},
};

const struct rule_group msr_load_rules = { rules, COUNT(rules) };
