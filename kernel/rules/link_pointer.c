/*
 * The rules on the VMCS link pointer, and on what is at its address: SDM 3C 27.3.1.5, "Checks
 * on Guest Non-Register State".  Exit qualification 4.
 */
#include <r33/array.h>
#include <r33/controls.h>

#include "rules/state.h"

#define LINK_QUALIFICATION 4
#define PAGE_OFFSET        0xfffull
#define PAGE_ADDRESS       (~PAGE_OFFSET)
#define REGION_SIZE        (0x1fffull << 32) /* of IA32_VMX_BASIC; never 0 */

static uint64_t
misaligned(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, VMCS_LINK_POINTER) & PAGE_OFFSET;
}

static uint64_t
too_wide(struct rule_state *state, unsigned index)
{
	(void)index;
	return beyond_vmx_width(state, FIELD(state, VMCS_LINK_POINTER));
}

/* LINK-ALIGN and LINK-MAXPHY say what is wrong with other addresses. */
static bool
address_is_good(struct rule_state *state)
{
	return !misaligned(state, 0) && !too_wide(state, 0);
}

/* The first 4 bytes of the region.  False: nothing to judge. */
static bool
read_region(struct rule_state *state, uint64_t *first)
{
	if (!address_is_good(state) ||
	        !outside_memory(state, FIELD(state, VMCS_LINK_POINTER), first))
		return false;
	*first &= VMCS_REVISION | VMCS_SHADOW_INDICATOR;
	state->outside_value = *first;
	return true;
}

static uint64_t
revision(struct rule_state *state, unsigned index)
{
	uint64_t basic = state->capabilities->vmx_basic, first;

	(void)index;
	if (!read_region(state, &first))
		return 0;
	if (!(basic & REGION_SIZE)) {
		state->outside_unknown = true;
		return 0;
	}
	return (first ^ basic) & VMCS_REVISION;
}

static uint64_t
shadow_set(struct rule_state *state, unsigned index)
{
	uint64_t first;

	(void)index;
	return read_region(state, &first) ? VMCS_SHADOW_INDICATOR & ~first : 0;
}

static uint64_t
shadow_clear(struct rule_state *state, unsigned index)
{
	uint64_t first;

	(void)index;
	return read_region(state, &first) ? VMCS_SHADOW_INDICATOR & first : 0;
}

static uint64_t
current_vmcs(struct rule_state *state, unsigned index)
{
	(void)index;
	if (!address_is_good(state))
		return 0;
	if (holds(state, IN_SMM) && !holds(state, ENTRY_TO_SMM))
		return 0;
	if (!state->input->current_vmcs_known) {
		state->outside_unknown = true;
		return 0;
	}
	return FIELD(state, VMCS_LINK_POINTER) == state->input->current_vmcs ? PAGE_ADDRESS : 0;
}

static uint64_t
executive_vmcs(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, VMCS_LINK_POINTER) == FIELD(state, EXECUTIVE_VMCS_POINTER) ? ~0ull : 0;
}

static const struct rule rules[] = {
	{
	        .id = "LINK-ALIGN",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(LINK_POINTER_USED),
	        .field = F_VMCS_LINK_POINTER,
	        .qualification = LINK_QUALIFICATION,
	        .offending = misaligned,
	        .message = "the address is not that of a page",
	        .legal = "0 in bits 11:0, or FFFFFFFF_FFFFFFFFh for no pointer",
	        .explanation = RULE_TEXT(
	                "The pointer names a VMCS region, and VMCS regions start at multiples of "
	                "4 KiB. A guest without a linked VMCS has all bits 1 here; 0 would be the "
	                "address 0."),
	        .symptom = RULE_TEXT("Exit qualification 4. Typically only one half of the 64-bit "
	                             "field was written with ones."),
	        .hint = "write FFFFFFFF_FFFFFFFFh as one 64-bit value",
	},
	{
	        .id = "LINK-MAXPHY",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(LINK_POINTER_USED),
	        .field = F_VMCS_LINK_POINTER,
	        .qualification = LINK_QUALIFICATION,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION),
	        .offending = too_wide,
	        .message = "the address has bits beyond the physical-address width",
	        .legal = "0 in bits 63:MAXPHYADDR (63:32 where IA32_VMX_BASIC bit 48 is 1), or "
	                 "FFFFFFFF_FFFFFFFFh for no pointer",
	        .explanation = RULE_TEXT(
	                "VMX takes physical addresses, and the processor has only MAXPHYADDR "
	                "address bits (CPUID leaf 80000008h, EAX[7:0])."),
	        .symptom = RULE_TEXT("Exit qualification 4. A linear address is where a physical "
	                             "one belongs, or \"no pointer\" lacks some ones."),
	        .hint = "translate the linear address of the region, or write all ones",
	},
	{
	        .id = "LINK-REVISION",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(LINK_POINTER_USED),
	        .field = F_VMCS_LINK_POINTER,
	        .qualification = LINK_QUALIFICATION,
	        .looks_outside = true,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION),
	        .offending = revision,
	        .message = "the region at the address has another VMCS revision identifier",
	        .legal = "the region begins with the identifier in IA32_VMX_BASIC bits 30:0",
	        .explanation = RULE_TEXT(
	                "How a VMCS is laid out differs from processor to processor, and the "
	                "revision identifier names the layout. The monitor writes it into the "
	                "first 4 bytes before it uses a region."),
	        .symptom = RULE_TEXT("Exit qualification 4 although the address is right: often "
	                             "the field is 0, which is the address 0 and not \"none\"."),
	        .hint = "\"no pointer\" is all ones; otherwise initialize the region first",
	},
	{
	        .id = "LINK-SHADOW-SET",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(LINK_POINTER_USED) | ON(VMCS_SHADOWING),
	        .field = F_VMCS_LINK_POINTER,
	        .qualification = LINK_QUALIFICATION,
	        .looks_outside = true,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION),
	        .offending = shadow_set,
	        .message = "VMCS shadowing is on and the region is not a shadow VMCS",
	        .legal = "bit 31 of the region's first 4 bytes is 1 where the control \"VMCS "
	                 "shadowing\" is 1",
	        .explanation = RULE_TEXT(
	                "With VMCS shadowing, VMREAD and VMWRITE of the guest go to the region "
	                "that the link pointer names. It must be marked as a shadow VMCS, which "
	                "can be read and written but never entered."),
	        .symptom = RULE_TEXT("Exit qualification 4 as soon as shadowing is switched on."),
	        .hint = "set bit 31 beside the revision identifier before VMCLEAR of the region",
	},
	{
	        .id = "LINK-SHADOW-CLR",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(LINK_POINTER_USED),
	        .unless = ON(VMCS_SHADOWING),
	        .field = F_VMCS_LINK_POINTER,
	        .qualification = LINK_QUALIFICATION,
	        .looks_outside = true,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION),
	        .offending = shadow_clear,
	        .message = "VMCS shadowing is off and the region is a shadow VMCS",
	        .legal = "bit 31 of the region's first 4 bytes is 0 where the control \"VMCS "
	                 "shadowing\" is 0",
	        .explanation = RULE_TEXT(
	                "Without VMCS shadowing the link pointer names an ordinary VMCS, or none. "
	                "A shadow VMCS is good for shadowing only."),
	        .symptom = RULE_TEXT("Exit qualification 4 after shadowing has been switched off "
	                             "and the pointer was kept."),
	        .hint = "write all ones when shadowing is switched off",
	},
	{
	        .id = "LINK-CURRENT",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(LINK_POINTER_USED),
	        .field = F_VMCS_LINK_POINTER,
	        .also = { F_VM_ENTRY_CONTROLS },
	        .qualification = LINK_QUALIFICATION,
	        .looks_outside = true,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION),
	        .offending = current_vmcs,
	        .message = "the VMCS is linked to itself",
	        .legal = "the address of another VMCS, or FFFFFFFF_FFFFFFFFh for none",
	        .explanation = RULE_TEXT(
	                "The link leads to a second VMCS: that of the guest's own guest, or the "
	                "one beside an SMM-transfer monitor's. A VMCS that is linked to itself "
	                "would let the guest write the state it runs with."),
	        .symptom = RULE_TEXT("Exit qualification 4; the revision is right, since it is the "
	                             "current VMCS's own."),
	        .hint = "the pointer that was given to VMPTRLD does not belong here",
	},
	{
	        .id = "LINK-EXECUTIVE",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(LINK_POINTER_USED) | ON(IN_SMM),
	        .unless = ON(ENTRY_TO_SMM),
	        .field = F_VMCS_LINK_POINTER,
	        .qualification = LINK_QUALIFICATION,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .also = { F_EXECUTIVE_VMCS_POINTER },
	        .offending = executive_vmcs,
	        .message = "a VM entry that leaves SMM links to the executive VMCS",
	        .legal = "an address other than that in the executive-VMCS pointer",
	        .explanation = RULE_TEXT(
	                "An SMM-transfer monitor that returns to a guest names the monitor that "
	                "was interrupted in the executive-VMCS pointer and the guest's VMCS in "
	                "the link pointer. They are two different things."),
	        .symptom = RULE_TEXT("Only SMM-transfer monitors encounter it."),
	        .hint = "the executive-VMCS pointer and the link pointer were mixed up",
	        .bochs_detail =
	                IN_ALL(RULE_TEXT("compared with the VMXON pointer, and in SMM only")),
	},
};

const struct rule_group link_pointer_rules = { rules, COUNT(rules) };
