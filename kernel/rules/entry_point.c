/* The rules on RIP, RFLAGS and SSP: SDM 3C 27.3.1.4, "Checks on Guest RIP, RFLAGS, and SSP". */
#include <r33/array.h>
#include <r33/rflags.h>

#include "rules/state.h"

#define RFLAGS_RESERVED 0xffffffffffc08028ull /* 63:22, 15, 5, 3 */
#define SSP_LOW         3ull

/* Of bits 63:N, N the linear-address width, those that differ from bit 63; 0 when all are alike.  Bit
 * N - 1 is free: an address just beyond the canonical ones passes. */
static uint64_t
upper_bits_differ(const struct rule_state *state, uint64_t address)
{
	uint64_t upper = bits_from(state->capabilities->linear_address_width);
	uint64_t bits = address & upper;

	return bits == 0 || bits == upper ? 0 : bits;
}

static uint64_t
rip_upper_bits(struct rule_state *state, unsigned index)
{
	(void)index;
	return upper_bits_differ(state, FIELD(state, GUEST_RIP));
}

static uint64_t
rflags_reserved(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_RFLAGS) & RFLAGS_RESERVED;
}

static uint64_t
rflags_bit_1(struct rule_state *state, unsigned index)
{
	(void)index;
	return RFLAGS_ONE & ~FIELD(state, GUEST_RFLAGS);
}

static uint64_t
rflags_vm(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_RFLAGS) & RFLAGS_VM;
}

static uint64_t
rflags_if(struct rule_state *state, unsigned index)
{
	(void)index;
	return RFLAGS_IF & ~FIELD(state, GUEST_RFLAGS);
}

static uint64_t
rflags_iopl(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_RFLAGS) & RFLAGS_IOPL;
}

static uint64_t
ssp_low(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_SSP) & SSP_LOW;
}

static uint64_t
ssp_upper_bits(struct rule_state *state, unsigned index)
{
	(void)index;
	return upper_bits_differ(state, FIELD(state, GUEST_SSP));
}

static const struct rule rules[] = {
	{
	        .id = "RIP-HI-32",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .unless = ON(CODE_64BIT),
	        .field = F_GUEST_RIP,
	        .index = F_GUEST_RIP,
	        .offending = field_upper_half,
	        .message = "bits 63:32 are not 0 in a guest that does not start in 64-bit mode",
	        .legal = "bits 63:32 = 0 unless the control \"IA-32e mode guest\" and L of CS are "
	                 "both 1",
	        .explanation = RULE_TEXT(
	                "Outside 64-bit mode the instruction pointer has 32 bits. The field has "
	                "64, and what does not exist must be 0. Compatibility mode (L = 0) counts "
	                "as outside."),
	        .symptom = RULE_TEXT("A guest whose registers were replaced only in part: RIP is "
	                             "still that of a 64-bit kernel, CS already that of the reset "
	                             "state."),
	        .hint = "RIP and CS come from two moments; look for a failed set-registers call",
	},
	{
	        .id = "RIP-HI-64",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(CODE_64BIT),
	        .field = F_GUEST_RIP,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .offending = rip_upper_bits,
	        .message = "the bits above the linear-address width are not all the same",
	        .legal = "bits 63:N all 0 or all 1, where N is the linear-address width (48 or 57)",
	        .explanation = RULE_TEXT(
	                "In 64-bit mode RIP may be anything that the processor can store there. "
	                "That is a little more than the canonical addresses: bit N-1 may differ "
	                "from those above, as after an instruction at the very end of the lower "
	                "half. The guest then gets #GP at its first fetch."),
	        .symptom = RULE_TEXT("RIP holds a physical address with flags, or an address whose "
	                             "sign extension was lost."),
	        .hint = "an address of the upper half lost its sign extension",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("not checked for 64-bit code: the guest starts and takes "
	                                 "#GP at its first fetch")),
	},
	{
	        .id = "RFL-RSVD",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .field = F_GUEST_RFLAGS,
	        .offending = rflags_reserved,
	        .message = "reserved bits of RFLAGS are 1",
	        .legal = "0 in bits 63:22, 15, 5 and 3",
	        .explanation = RULE_TEXT(
	                "POPF silently ignores these bits; VM entry does not. A hypervisor that "
	                "builds RFLAGS by hand has to leave them 0."),
	        .symptom = RULE_TEXT("The field holds a value that was never RFLAGS, or bits that "
	                             "the hypervisor keeps for itself."),
	        .hint = "mask the value with 3F7FD7h and set bit 1",
	},
	{
	        .id = "RFL-BIT1",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .field = F_GUEST_RFLAGS,
	        .offending = rflags_bit_1,
	        .message = "bit 1 is 0",
	        .legal = "bit 1 = 1",
	        .explanation = RULE_TEXT("Bit 1 of the flags has read as 1 since the 8086. PUSHF "
	                                 "always shows it, so a value without it never was the "
	                                 "flags register."),
	        .symptom = RULE_TEXT("RFLAGS = 0: the classic first mistake of every hypervisor."),
	        .hint = "RFLAGS after reset is 2, not 0",
	},
	{
	        .id = "RFL-VM-IA32E",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_RFLAGS,
	        .offending = rflags_vm,
	        .message = "VM is 1 in a guest in IA-32e mode",
	        .legal = "VM (bit 17) = 0 where the control \"IA-32e mode guest\" is 1",
	        .explanation = RULE_TEXT("Virtual-8086 mode does not exist in IA-32e mode."),
	        .symptom = RULE_TEXT("All segment registers are then judged by the rules of "
	                             "virtual-8086 mode, so many rules are violated at once."),
	        .hint = "a single wrong bit here makes the segment registers look wrong too",
	},
	{
	        .id = "RFL-VM-PE0",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .unless = ON(PROTECTED_MODE),
	        .field = F_GUEST_RFLAGS,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .offending = rflags_vm,
	        .message = "VM is 1 although the guest starts in real mode",
	        .legal = "VM (bit 17) = 0 where CR0.PE = 0",
	        .explanation = RULE_TEXT("Virtual-8086 mode is a kind of task of protected mode. "
	                                 "With PE = 0 there is real mode, and VM has no meaning."),
	        .symptom = RULE_TEXT("A hypervisor that used virtual-8086 mode for real-mode code "
	                             "learned of unrestricted guest and changed CR0 only."),
	        .hint = "with unrestricted guest real mode is CR0.PE = 0 and VM = 0",
	        .bochs_detail = IN_ALL(RULE_TEXT("not checked")),
	},
	{
	        .id = "RFL-IF-EXTINT",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(EXTERNAL_INTERRUPT_INJECTED),
	        .field = F_GUEST_RFLAGS,
	        .also = { F_VM_ENTRY_INTERRUPTION_INFORMATION },
	        .offending = rflags_if,
	        .message = "an external interrupt is injected although IF is 0",
	        .legal = "IF (bit 9) = 1 while an external interrupt is injected",
	        .explanation = RULE_TEXT(
	                "IF = 0 says that the guest takes no external interrupts now. Event "
	                "injection obeys it as the processor would; it does not wait, it fails."),
	        .symptom = RULE_TEXT("Rarely and at random: an interrupt arrives while the guest "
	                             "has interrupts off, and the hypervisor injects it at once."),
	        .hint = "use interrupt-window exiting and inject when the window opens",
	},
	{
	        .id = "RFL-IOPL-FRED",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(FRED) | ON(SS_DPL_3),
	        .field = F_GUEST_RFLAGS,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = rflags_iopl,
	        .message = "CR4.FRED is 1 at CPL 3 and IOPL is not 0",
	        .legal = "IOPL = 0 where CR4.FRED = 1 and the DPL of SS is 3",
	        .explanation = RULE_TEXT(
	                "FRED does not let user code have an I/O privilege level: returning to CPL "
	                "3 demands IOPL = 0."),
	        .symptom = RULE_TEXT("Seen only on processors with FRED."),
	        .hint = "give user code its ports through the I/O permission bitmap",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
	{
	        .id = "SSP-ALIGN",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(LOAD_CET),
	        .field = F_GUEST_SSP,
	        .offending = ssp_low,
	        .message = "bits 1:0 are not 0",
	        .legal = "a multiple of 4",
	        .explanation = RULE_TEXT(
	                "Entries of a shadow stack have 4 or 8 bytes, and the pointer to them is "
	                "aligned to at least 4."),
	        .symptom = RULE_TEXT("A shadow-stack token, whose low bits are flags, was written "
	                             "instead of the pointer."),
	        .hint = "mask the flags of the token",
	},
	{
	        .id = "SSP-HI",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(LOAD_CET),
	        .field = F_GUEST_SSP,
	        .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH),
	        .offending = ssp_upper_bits,
	        .message = "the bits above the linear-address width are not all the same",
	        .legal = "bits 63:N all 0 or all 1, where N is the linear-address width (48 or 57)",
	        .explanation =
	                RULE_TEXT("As with RIP, the register may hold a little more than canonical "
	                          "addresses: bit N-1 is free."),
	        .symptom = RULE_TEXT("Only in guests that use shadow stacks, on processors with "
	                             "CET."),
	        .hint = "an address of the upper half lost its sign extension",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("stricter: an address that is canonical with 48 bits is "
	                                 "required, and for a guest that is not in IA-32e mode "
	                                 "bits 63:32 = 0")),
	},
};

const struct rule_group entry_point_rules = { rules, COUNT(rules) };
