/*
 * The rules on MSRs that came with later features: bound registers, processor trace, last branch
 * records, CET, protection keys, user interrupts, FRED, speculation control.
 *
 * SDM 3C 27.3.1.1, "Checks on Guest Control Registers, Debug Registers, and MSRs".  The fields exist
 * where the VM-entry control exists that loads them.
 */
#include <r33/array.h>
#include <r33/msr.h>

#include "rules/state.h"

#define BNDCFGS_RESERVED     0xffcull
#define BNDCFGS_ADDRESS      0xfffffffffffff000ull
#define S_CET_RESERVED       0x3c0ull
#define UINV_UPPER_BYTE      0xff00ull
#define FRED_CONFIG_RESERVED 0x834ull
#define FRED_CONFIG_ADDRESS  0xfffffffffffff000ull
#define FRED_RSP_ALIGNMENT   63ull
#define FRED_SSP_ALIGNMENT   7ull

#define S_CET_STRICT \
	"checked, but for a guest that is not in IA-32e mode bits 63:32 must be 0 too, which the " \
	"SDM does not ask for"

static uint64_t
bndcfgs_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_BNDCFGS) & BNDCFGS_RESERVED;
}

static uint64_t
bndcfgs_canonical(struct rule_state *state, unsigned index)
{
	(void)index;
	return not_canonical(state, FIELD(state, GUEST_IA32_BNDCFGS) & BNDCFGS_ADDRESS);
}

static uint64_t
rtit_ctl_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_RTIT_CTL) & ~state->capabilities->rtit_ctl_bits;
}

static uint64_t
lbr_ctl_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_LBR_CTL) & ~state->capabilities->lbr_ctl_bits;
}

static uint64_t
s_cet_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_S_CET) & S_CET_RESERVED;
}

static uint64_t
s_cet_suppress_tracker(struct rule_state *state, unsigned index)
{
	uint64_t both = S_CET_SUPPRESS | S_CET_TRACKER;

	(void)index;
	return (FIELD(state, GUEST_IA32_S_CET) & both) == both ? both : 0;
}

static uint64_t
uinv_upper_byte(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_UINV) & UINV_UPPER_BYTE;
}

static uint64_t
fred_config(struct rule_state *state, unsigned index)
{
	uint64_t value = FIELD(state, GUEST_IA32_FRED_CONFIG);

	(void)index;
	return (value & FRED_CONFIG_RESERVED) | not_canonical(state, value & FRED_CONFIG_ADDRESS);
}

static uint64_t
fred_rsp(struct rule_state *state, unsigned index)
{
	uint64_t value = state->values[F_GUEST_IA32_FRED_RSP1 + index];

	return (value & FRED_RSP_ALIGNMENT) | not_canonical(state, value);
}

static uint64_t
fred_ssp(struct rule_state *state, unsigned index)
{
	uint64_t value = state->values[F_GUEST_IA32_FRED_SSP1 + index];

	return (value & FRED_SSP_ALIGNMENT) | not_canonical(state, value);
}

static uint64_t
spec_ctrl_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_IA32_SPEC_CTRL) & ~state->capabilities->spec_ctrl_bits;
}

static const struct rule rules[] = {
	{
	        .id = "BNDCFGS-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_BNDCFGS),
	        .field = F_GUEST_IA32_BNDCFGS,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = bndcfgs_reserved,
	        .message = "reserved bits 11:2 of IA32_BNDCFGS are not 0",
	        .legal = "bits 11:2 = 0",
	        .explanation = RULE_TEXT(
	                "The MSR of the memory-protection extensions (MPX) holds two flags in bits "
	                "1:0 and the address of the bound directory in bits 63:12; what lies "
	                "between is reserved."),
	        .symptom = RULE_TEXT("Seen only on processors with MPX, which newer ones lack."),
	        .hint = "the bound directory's address must be a multiple of 4096",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has MPX")),
	},
	{
	        .id = "BNDCFGS-CANON",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_BNDCFGS),
	        .field = F_GUEST_IA32_BNDCFGS,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .offending = bndcfgs_canonical,
	        .message = "the bound directory's address is not canonical",
	        .legal = "a canonical linear address in bits 63:12",
	        .explanation = RULE_TEXT(
	                "Like every linear address in a register, that of the bound directory must "
	                "be canonical."),
	        .symptom = RULE_TEXT("Seen only on processors with MPX, which newer ones lack."),
	        .hint = "an address of the upper half lost its sign extension",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has MPX")),
	},
	{
	        .id = "RTIT-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_RTIT_CTL),
	        .field = F_GUEST_IA32_RTIT_CTL,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_MSR_BITS),
	        .offending = rtit_ctl_reserved,
	        .message = "reserved bits of IA32_RTIT_CTL are 1",
	        .legal = "only bits that CPUID leaf 14h reports",
	        .explanation = RULE_TEXT(
	                "Intel Processor Trace is controlled by this MSR, and CPUID tells which of "
	                "its bits exist. VM entry takes none that WRMSR would not take."),
	        .symptom = RULE_TEXT("A guest that traces itself fails after it was moved to a "
	                             "processor with fewer trace features."),
	        .hint = "compare the guest's value with CPUID leaf 14h of this processor",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has Intel PT")),
	},
	{
	        .id = "LBRCTL-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_LBR_CTL),
	        .field = F_GUEST_IA32_LBR_CTL,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_MSR_BITS),
	        .offending = lbr_ctl_reserved,
	        .message = "reserved bits of IA32_LBR_CTL are 1",
	        .legal = "only bits 3:0 and 22:16, as far as CPUID leaf 1Ch reports them",
	        .explanation = RULE_TEXT(
	                "Architectural last-branch records are switched on and filtered by this "
	                "MSR; the rest of it is reserved."),
	        .symptom = RULE_TEXT("The older IA32_DEBUGCTL.LBR is another mechanism: its "
	                             "value does not belong here."),
	        .hint = "compare the guest's value with CPUID leaf 1Ch of this processor",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has architectural LBRs")),
	},
	{
	        .id = "SCET-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_CET),
	        .field = F_GUEST_IA32_S_CET,
	        .offending = s_cet_reserved,
	        .message = "reserved bits 9:6 of IA32_S_CET are not 0",
	        .legal = "bits 9:6 = 0",
	        .explanation = RULE_TEXT(
	                "IA32_S_CET holds the switches of shadow stacks and indirect-branch "
	                "tracking in bits 5:0, its state in bits 11:10 and the address of the "
	                "legacy bitmap from bit 12 on. Bits 9:6 are reserved."),
	        .symptom = RULE_TEXT("With the VM-entry control \"load CET state\" = 0 the same "
	                             "value is no problem: the field is not looked at."),
	        .hint = "the legacy bitmap's address must be a multiple of 4096",
	},
	{
	        .id = "SCET-SUPPRESS-TRACKER",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_CET),
	        .field = F_GUEST_IA32_S_CET,
	        .offending = s_cet_suppress_tracker,
	        .message = "SUPPRESS (bit 10) and TRACKER (bit 11) are both 1",
	        .legal = "at most one of bits 10 and 11",
	        .explanation = RULE_TEXT(
	                "TRACKER = 1 says that indirect-branch tracking waits for an ENDBRANCH; "
	                "SUPPRESS = 1 says that tracking is suspended. Both at once cannot be, and "
	                "WRMSR refuses it as well."),
	        .symptom = RULE_TEXT("Nearly always a garbled value; the processor itself never "
	                             "stores both."),
	        .hint = "take the value that the last VM exit saved",
	},
	{
	        .id = "SCET-CANON",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_CET),
	        .field = F_GUEST_IA32_S_CET,
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .index = F_GUEST_IA32_S_CET,
	        .offending = field_not_canonical,
	        .message = "the legacy bitmap's address is not canonical",
	        .legal = "a canonical linear address in bits 63:12",
	        .explanation = RULE_TEXT(
	                "From bit 12 on IA32_S_CET holds a linear address, which must be canonical "
	                "like every other, whether or not the bitmap is in use."),
	        .symptom = RULE_TEXT("Only in guests whose kernel uses CET, on processors with "
	                             "CET."),
	        .hint = "an address of the upper half lost its sign extension",
	        .bochs_detail = { [BOCHS_2_7] = RULE_TEXT(S_CET_STRICT),
	                [BOCHS_3_0] = RULE_TEXT(S_CET_STRICT
	                        "; on models with 57-bit linear addresses an address that is "
	                        "canonical with 48 bits is required") },
	},
	{
	        .id = "ISST-CANON",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_CET),
	        .field = F_GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR,
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .index = F_GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR,
	        CANONICAL_IN_BOCHS,
	        .offending = field_not_canonical,
	        .message = "the address is not canonical",
	        .legal = "a canonical linear address",
	        .explanation = RULE_TEXT(
	                "The interrupt-SSP table holds the shadow-stack pointers that the "
	                "interrupt-stack table's entries go with. Its address is linear and must "
	                "be canonical."),
	        .symptom = RULE_TEXT("Only in guests whose kernel uses CET, on processors with "
	                             "CET."),
	        .hint = "an address of the upper half lost its sign extension",
	},
	{
	        .id = "PKRS-HI",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_PKRS),
	        .field = F_GUEST_IA32_PKRS,
	        .bochs = { [BOCHS_2_7] = BOCHS_CANNOT, [BOCHS_3_0] = BOCHS_LETS_PASS },
	        .index = F_GUEST_IA32_PKRS,
	        .offending = field_upper_half,
	        .message = "bits 63:32 are not 0",
	        .legal = "bits 63:32 = 0",
	        .explanation = RULE_TEXT(
	                "Sixteen protection keys have two bits each: IA32_PKRS is 32 bits wide."),
	        .symptom = RULE_TEXT("The field holds another MSR's value, or was never written."),
	        .hint = "the upper half of the field was not cleared",
	        .bochs_detail = { [BOCHS_2_7] =
	                                  RULE_TEXT("no model has supervisor protection keys"),
	                [BOCHS_3_0] = RULE_TEXT("the field is cut to 32 bits before the check") },
	},
	{
	        .id = "UINV-HI",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_UINV),
	        .field = F_GUEST_UINV,
	        .bochs = IN_2_7(BOCHS_CANNOT),
	        .offending = uinv_upper_byte,
	        .message = "bits 15:8 are not 0",
	        .legal = "a vector in bits 7:0, bits 15:8 = 0",
	        .explanation = RULE_TEXT(
	                "The field is 16 bits wide and holds the user-interrupt notification "
	                "vector, which has 8."),
	        .symptom = RULE_TEXT("Seen only on processors with user interrupts."),
	        .hint = "only the low byte of the vector belongs here",
	        .bochs_detail = IN_2_7(RULE_TEXT("no model has user interrupts")),
	},
	{
	        .id = "FRED-CONFIG-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_FRED),
	        .field = F_GUEST_IA32_FRED_CONFIG,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .offending = fred_config,
	        .message = "reserved bits are 1, or the entry point is not canonical",
	        .legal = "bits 2, 5:4 and 11 = 0 and a canonical address in bits 63:12",
	        .explanation = RULE_TEXT(
	                "IA32_FRED_CONFIG holds the page of the event handlers in bits 63:12 and "
	                "small settings below; four of those bits are reserved."),
	        .symptom = RULE_TEXT("Seen only on processors with FRED."),
	        .hint = "the handlers' page must begin at a multiple of 4096",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
	{
	        .id = "FRED-RSP-ALIGN",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_FRED),
	        .field = F_GUEST_IA32_FRED_RSP1,
	        .repeat = 3,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .offending = fred_rsp,
	        .message = "the stack pointer is not canonical or not a multiple of 64",
	        .legal = "a canonical address with bits 5:0 = 0",
	        .explanation = RULE_TEXT(
	                "FRED takes the stacks of stack levels 1 to 3 from IA32_FRED_RSP1 to "
	                "_RSP3 and pushes frames of 64 bytes: the pointers must be aligned so."),
	        .symptom = RULE_TEXT("Seen only on processors with FRED."),
	        .hint = "round the stack's top down to a multiple of 64",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
	{
	        .id = "FRED-SSP-ALIGN",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_FRED),
	        .field = F_GUEST_IA32_FRED_SSP1,
	        .repeat = 3,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .offending = fred_ssp,
	        .message = "the shadow-stack pointer is not canonical or not a multiple of 8",
	        .legal = "a canonical address with bits 2:0 = 0",
	        .explanation = RULE_TEXT(
	                "Entries of a shadow stack are 8 bytes wide; IA32_FRED_SSP1 to _SSP3 are "
	                "the shadow stacks of stack levels 1 to 3."),
	        .symptom = RULE_TEXT("Seen only on processors with FRED and CET."),
	        .hint = "round the shadow stack's top down to a multiple of 8",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
	{
	        .id = "SPECCTRL-RSVD",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_SPEC_CTRL),
	        .field = F_GUEST_IA32_SPEC_CTRL,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .needs = ON(NEEDS_MSR_BITS),
	        .offending = spec_ctrl_reserved,
	        .message = "reserved bits of IA32_SPEC_CTRL are 1",
	        .legal = "only bits that CPUID leaf 7 reports (IBRS, STIBP, SSBD, ...)",
	        .explanation = RULE_TEXT(
	                "The MSR switches mitigations of speculative execution; which bits it has "
	                "differs widely between processors."),
	        .symptom = RULE_TEXT("Seen only on processors with this VM-entry control."),
	        .hint = "the value came from a processor with more mitigations",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has the VM-entry control")),
	},
};

const struct rule_group newer_msr_rules = { rules, COUNT(rules) };
