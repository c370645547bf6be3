/*
 * The rules on VM-execution controls: SDM 3C 27.2.1.1, "VM-Execution Control Fields".  Those on the
 * allowed settings are in control_settings.c, on the virtual APIC in apic_controls.c.
 */
#include <r33/array.h>
#include <r33/controls.h>
#include <r33/msr.h>

#include "rules/controls.h"

#define MISC_CR3_TARGETS      16
#define MISC_CR3_TARGETS_MASK 0x1ffull
#define VPID_BITS             0xffffull
#define BITMAP_MSR            2 /* after I/O bitmaps A and B */
#define ALL_BITS              (~0ull)

/* The EPT pointer and, in IA32_VMX_EPT_VPID_CAP, what of it the processor supports. */
#define EPTP_RESERVED 0xf00ull

/* index: a bit of the secondary controls that must be 0 here. */
static uint64_t
secondary_bit(struct rule_state *state, unsigned index)
{
	return FIELD(state, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) & 1ull << (index & 63);
}

static bool
eptp_type_supported(uint64_t eptp, uint64_t supported)
{
	switch (eptp & EPTP_MEMORY_TYPE) {
	case MEMORY_TYPE_UC: return supported & EPT_CAP_UC;
	case MEMORY_TYPE_WB: return supported & EPT_CAP_WB;
	default: return false;
	}
}

static bool
eptp_walk_supported(uint64_t eptp, uint64_t supported)
{
	switch (eptp & EPTP_WALK_LENGTH) {
	case EPTP_FOUR_LEVELS: return supported & EPT_CAP_FOUR_LEVELS;
	case EPTP_FIVE_LEVELS: return supported & EPT_CAP_FIVE_LEVELS;
	default: return false;
	}
}

static uint64_t
ept_pointer(struct rule_state *state, unsigned index)
{
	uint64_t eptp = FIELD(state, EPT_POINTER), supported = state->capabilities->ept_vpid;
	uint64_t reserved = EPTP_RESERVED;

	(void)index;
	if (!(supported & EPT_CAP_ACCESSED_DIRTY))
		reserved |= EPTP_ACCESSED_DIRTY;
	if (!(supported & EPT_CAP_SHADOW_STACKS))
		reserved |= EPTP_SHADOW_STACKS;
	return (eptp_type_supported(eptp, supported) ? 0 : EPTP_MEMORY_TYPE) |
	       (eptp_walk_supported(eptp, supported) ? 0 : EPTP_WALK_LENGTH) | (eptp & reserved) |
	       beyond_physical_width(state, eptp);
}

static uint64_t
vpid(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, VIRTUAL_PROCESSOR_ID) & VPID_BITS ? 0 : VPID_BITS;
}

static uint64_t
nmi_exiting(struct rule_state *state, unsigned index)
{
	(void)index;
	return PIN_NMI_EXITING & ~FIELD(state, PIN_BASED_VM_EXECUTION_CONTROLS);
}

static uint64_t
nmi_window(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) &
	       PRIMARY_NMI_WINDOW_EXITING;
}

static uint64_t
shadowing_bitmap(struct rule_state *state, unsigned index)
{
	return not_a_page(state, state->values[F_VMREAD_BITMAP_ADDRESS + index]);
}

static uint64_t
io_or_msr_bitmap(struct rule_state *state, unsigned index)
{
	if (!holds(state, index < BITMAP_MSR ? IO_BITMAPS : MSR_BITMAPS))
		return 0;
	return not_a_page(state, state->values[F_IO_BITMAP_A_ADDRESS + index]);
}

static uint64_t
pml_address(struct rule_state *state, unsigned index)
{
	(void)index;
	return not_a_page(state, FIELD(state, PML_ADDRESS));
}

static uint64_t
cr3_targets(struct rule_state *state, unsigned index)
{
	uint64_t maximum =
	        state->capabilities->vmx_misc >> MISC_CR3_TARGETS & MISC_CR3_TARGETS_MASK;

	(void)index;
	return FIELD(state, CR3_TARGET_COUNT) > maximum ? FIELD(state, CR3_TARGET_COUNT) : 0;
}

static uint64_t
tsc_multiplier(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, TSC_MULTIPLIER) ? 0 : ALL_BITS;
}

#define CONTROL .section = SECTION_EXECUTION_CONTROLS, .outcome = VMFAIL_CONTROL

#define ADDRESS_NEEDS ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION)
#define ADDRESS_LEGAL "0 in bits 11:0 and 63:MAXPHYADDR (63:32 where IA32_VMX_BASIC bit 48 is 1)"

static const struct rule rules[] = {
	{
	        CONTROL,
	        .id = "CTL-CR3-TARGETS",
	        .field = F_CR3_TARGET_COUNT,
	        .needs = ON(NEEDS_MISC),
	        .offending = cr3_targets,
	        .message = "there are more CR3-target values than the processor has",
	        .legal = "at most the number in IA32_VMX_MISC bits 24:16, which is 4 so far",
	        .explanation = RULE_TEXT(
	                "MOV to CR3 of a CR3-target value causes no VM exit. The VMCS has fields "
	                "for a few such values, and the count says how many of them are used."),
	        .symptom = RULE_TEXT("VM-instruction error 7. The field was never written, or an "
	                             "address went into the count."),
	        .hint = "0 is right unless CR3-target values are really used",
	},
	{
	        CONTROL,
	        .id = "CTL-IO-MSR-BITMAP",
	        .field = F_IO_BITMAP_A_ADDRESS,
	        .also = { F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS },
	        .repeat = 3,
	        .needs = ADDRESS_NEEDS,
	        .offending = io_or_msr_bitmap,
	        .message = "the address of a bitmap in use is not that of a page",
	        .legal = ADDRESS_LEGAL,
	        .explanation = RULE_TEXT(
	                "\"Use I/O bitmaps\" and \"use MSR bitmaps\" let pages of memory decide "
	                "which ports and MSRs cause VM exits. Each is a page of its own, named by "
	                "its physical address."),
	        .symptom = RULE_TEXT("VM-instruction error 7 as soon as the control is switched "
	                             "on."),
	        .hint = "allocate whole pages, and write physical addresses, not linear ones",
	},
	{
	        CONTROL,
	        .id = "CTL-VNMI",
	        .when = ON(VIRTUAL_NMIS),
	        .field = F_PIN_BASED_VM_EXECUTION_CONTROLS,
	        .offending = nmi_exiting,
	        .message = "\"virtual NMIs\" is 1 and \"NMI exiting\" (bit 3) is 0",
	        .legal = "bit 3 is 1 where bit 5 is 1",
	        .explanation = RULE_TEXT(
	                "With virtual NMIs the guest's NMI blocking belongs to injected NMIs. Real "
	                "NMIs must then go to the monitor, or they would ignore that blocking."),
	        .symptom = RULE_TEXT("VM-instruction error 7."),
	        .hint = "set both bits, 3 and 5, or neither",
	},
	{
	        CONTROL,
	        .id = "CTL-NMIWIN",
	        .when = ON(NMI_WINDOW_EXITING),
	        .unless = ON(VIRTUAL_NMIS),
	        .field = F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .offending = nmi_window,
	        .message = "\"NMI-window exiting\" (bit 22) is 1 and \"virtual NMIs\" is 0",
	        .legal = "bit 22 is 0 unless the pin-based control \"virtual NMIs\" is 1",
	        .explanation = RULE_TEXT(
	                "The NMI window opens when virtual NMIs are no longer blocked. Without "
	                "virtual NMIs there is no such window."),
	        .symptom = RULE_TEXT("VM-instruction error 7 when an NMI waits for a guest."),
	        .hint = "without virtual NMIs use interrupt-window exiting, or single steps",
	},
	{
	        CONTROL,
	        .id = "CTL-SHADOW-BITMAPS",
	        .when = ON(VMCS_SHADOWING),
	        .field = F_VMREAD_BITMAP_ADDRESS,
	        .repeat = 2,
	        .needs = ADDRESS_NEEDS,
	        .offending = shadowing_bitmap,
	        .message = "the address of the VMREAD or VMWRITE bitmap is not that of a page",
	        .legal = ADDRESS_LEGAL,
	        .explanation = RULE_TEXT(
	                "With VMCS shadowing two pages decide which fields the guest reads and "
	                "writes without a VM exit. Both have to exist."),
	        .symptom = RULE_TEXT("VM-instruction error 7 as soon as shadowing is switched "
	                             "on."),
	        .hint = "a page of ones makes every VMREAD or VMWRITE exit: start with two",
	},
	{
	        CONTROL,
	        .id = "CTL-EPTP",
	        .when = ON(ENABLE_EPT),
	        .field = F_EPT_POINTER,
	        .needs = ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_EPT),
	        .offending = ept_pointer,
	        .message = "the EPT pointer has a value that the processor does not support",
	        .legal = "memory type 0 or 6 in bits 2:0, page-walk length - 1 in bits 5:3, "
	                 "features that IA32_VMX_EPT_VPID_CAP reports in bits 7:6, 0 in bits 11:8 "
	                 "and 63:MAXPHYADDR",
	        .explanation = RULE_TEXT(
	                "The pointer is more than an address: it tells the type of the paging "
	                "structures' memory, the number of their levels and which features they "
	                "use. IA32_VMX_EPT_VPID_CAP says what the processor can do."),
	        .symptom = RULE_TEXT("VM-instruction error 7. A bare address lacks the walk "
	                             "length: with 4 levels and write-back memory the low byte is "
	                             "1Eh."),
	        .hint = "add 1Eh (write-back, 4 levels) to the address of the EPT PML4 table",
	},
	{
	        CONTROL,
	        .id = "CTL-URG-EPT",
	        .when = ON(UNRESTRICTED_GUEST),
	        .unless = ON(ENABLE_EPT),
	        .field = F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .index = 7,
	        .offending = secondary_bit,
	        .message = "\"unrestricted guest\" (bit 7) is 1 and \"enable EPT\" (bit 1) is 0",
	        .legal = "bit 1 is 1 where bit 7 is 1",
	        .explanation = RULE_TEXT(
	                "An unrestricted guest may run without paging. Only EPT keeps it inside "
	                "its own memory then."),
	        .symptom =
	                RULE_TEXT("VM-instruction error 7 when a guest is to start in real mode."),
	        .hint = "set both bits, 1 and 7",
	},
	{
	        CONTROL,
	        .id = "CTL-VPID",
	        .when = ON(ENABLE_VPID),
	        .field = F_VIRTUAL_PROCESSOR_ID,
	        .offending = vpid,
	        .message = "the virtual-processor identifier is 0",
	        .legal = "1 to FFFFh where the control \"enable VPID\" is 1",
	        .explanation = RULE_TEXT(
	                "The identifier tags the guest's cached translations so that they survive "
	                "VM entries and VM exits. 0 is the tag of the host."),
	        .symptom = RULE_TEXT("VM-instruction error 7: the control was set and the field "
	                             "forgotten."),
	        .hint = "give each virtual processor a number of its own, from 1",
	},
	{
	        CONTROL,
	        .id = "CTL-PML-EPT",
	        .when = ON(ENABLE_PML),
	        .unless = ON(ENABLE_EPT),
	        .field = F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .index = 17,
	        .offending = secondary_bit,
	        .message = "\"enable PML\" (bit 17) is 1 and \"enable EPT\" (bit 1) is 0",
	        .legal = "bit 1 is 1 where bit 17 is 1",
	        .explanation = RULE_TEXT(
	                "Page-modification logging records when dirty flags of the extended page "
	                "tables are set. Without EPT there is nothing to record."),
	        .symptom = RULE_TEXT("VM-instruction error 7."),
	        .hint = "switch both off together",
	},
	{
	        CONTROL,
	        .id = "CTL-PML",
	        .when = ON(ENABLE_PML),
	        .field = F_PML_ADDRESS,
	        .needs = ADDRESS_NEEDS,
	        .offending = pml_address,
	        .message = "the address of the page-modification log is not that of a page",
	        .legal = ADDRESS_LEGAL,
	        .explanation = RULE_TEXT(
	                "The log is a page with 512 entries, filled from the last to the first, "
	                "and named by its physical address."),
	        .symptom = RULE_TEXT("VM-instruction error 7 as soon as the control is switched "
	                             "on."),
	        .hint = "the field takes the page's address; the index has a field of its own",
	},
	{
	        CONTROL,
	        .id = "CTL-TSC-MULT",
	        .when = ON(TSC_SCALING),
	        .field = F_TSC_MULTIPLIER,
	        .offending = tsc_multiplier,
	        .message = "the TSC multiplier is 0",
	        .legal = "any other value; 2^48 is a factor of 1",
	        .explanation = RULE_TEXT(
	                "The guest's time-stamp counter is the real one times this number, "
	                "divided by 2^48. With 0 time would stand still."),
	        .symptom = RULE_TEXT("VM-instruction error 7: the control was set and the field "
	                             "forgotten."),
	        .hint = "write 1 << 48 to begin with",
	},
};

const struct rule_group execution_control_rules = { rules, COUNT(rules) };
