/*
 * The rules on the VM-execution controls that virtualize the local APIC: SDM 3C 27.2.1.1,
 * "VM-Execution Control Fields".
 */
#include <r33/array.h>
#include <r33/controls.h>

#include "rules/controls.h"

#define THRESHOLD         0xfull
#define VIRTUAL_TPR       0x80 /* offset of the register in the virtual-APIC page */
#define DESCRIPTOR_OFFSET 0x3full
#define VECTOR            0xffull

/* Bits of the secondary controls that count. */
static uint64_t
secondary(const struct rule_state *state)
{
	return FIELD(state, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) &
	                       PRIMARY_ACTIVATE_SECONDARY_CONTROLS
	               ? FIELD(state, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS)
	               : 0;
}

static uint64_t
apic_virtualization(struct rule_state *state, unsigned index)
{
	uint64_t controls = secondary(state), offending = 0;

	(void)index;
	if (!(FIELD(state, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) & PRIMARY_TPR_SHADOW))
		offending |= controls & (SECONDARY_VIRTUALIZE_X2APIC_MODE |
		                                SECONDARY_APIC_REGISTER_VIRTUALIZATION |
		                                SECONDARY_VIRTUAL_INTERRUPT_DELIVERY);
	if (controls & SECONDARY_VIRTUALIZE_APIC_ACCESSES)
		offending |= controls & SECONDARY_VIRTUALIZE_X2APIC_MODE;
	if (!(FIELD(state, PIN_BASED_VM_EXECUTION_CONTROLS) & PIN_EXTERNAL_INTERRUPT_EXITING))
		offending |= controls & SECONDARY_VIRTUAL_INTERRUPT_DELIVERY;
	return offending;
}

/* index: 0 the virtual-APIC page, 1 the APIC-access page. */
static uint64_t
apic_page(struct rule_state *state, unsigned index)
{
	bool used = index ? secondary(state) & SECONDARY_VIRTUALIZE_APIC_ACCESSES
	                  : holds(state, TPR_SHADOW);

	return used ? not_a_page(state, state->values[F_VIRTUAL_APIC_ADDRESS + index]) : 0;
}

/* In relation to the virtual TPR only where no APIC access is virtualized. */
static uint64_t
tpr_threshold(struct rule_state *state, unsigned index)
{
	uint64_t threshold = FIELD(state, TPR_THRESHOLD);
	uint64_t address = FIELD(state, VIRTUAL_APIC_ADDRESS), page;
	uint64_t reserved = threshold & ~THRESHOLD;

	(void)index;
	if (reserved)
		return reserved;
	if (threshold == 0 || secondary(state) & SECONDARY_VIRTUALIZE_APIC_ACCESSES ||
	        not_a_page(state, address))
		return 0;
	if (!outside_memory(state, address + VIRTUAL_TPR, &page))
		return 0;
	return threshold > (page >> 4 & THRESHOLD) ? THRESHOLD : 0;
}

static uint64_t
posted_interrupts(struct rule_state *state, unsigned index)
{
	(void)index;
	if (secondary(state) & SECONDARY_VIRTUAL_INTERRUPT_DELIVERY &&
	        FIELD(state, VM_EXIT_CONTROLS) & VM_EXIT_ACKNOWLEDGE_INTERRUPT)
		return 0;
	return FIELD(state, PIN_BASED_VM_EXECUTION_CONTROLS) & PIN_POSTED_INTERRUPTS;
}

/* index: 0 the notification vector, 1 the descriptor's address. */
static uint64_t
posted_interrupt_field(struct rule_state *state, unsigned index)
{
	uint64_t value = state->values[F_POSTED_INTERRUPT_NOTIFICATION_VECTOR + index];

	if (!(FIELD(state, PIN_BASED_VM_EXECUTION_CONTROLS) & PIN_POSTED_INTERRUPTS))
		return 0;
	return index ? (value & DESCRIPTOR_OFFSET) | beyond_vmx_width(state, value)
	             : value & ~VECTOR;
}

/* Bochs comes to posted interrupts only if there is a TPR shadow, but for the VM-exit control. */
static bool
bochs_posted_interrupts(struct rule_state *state, unsigned index)
{
	(void)index;
	return !holds(state, TPR_SHADOW) &&
	       FIELD(state, VM_EXIT_CONTROLS) & VM_EXIT_ACKNOWLEDGE_INTERRUPT;
}

static bool
bochs_posted_interrupt_field(struct rule_state *state, unsigned index)
{
	(void)index;
	return !holds(state, TPR_SHADOW);
}

#define CONTROL       .section = SECTION_EXECUTION_CONTROLS, .outcome = VMFAIL_CONTROL
#define ADDRESS_NEEDS ON(NEEDS_PHYSICAL_ADDRESS_WIDTH) | ON(NEEDS_REVISION)

static const struct rule rules[] = {
	{
	        CONTROL,
	        .id = "CTL-APICV",
	        .field = F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        .also = { F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	                F_PIN_BASED_VM_EXECUTION_CONTROLS },
	        .offending = apic_virtualization,
	        .message = "controls that virtualize the APIC lack another control or exclude it",
	        .legal = "bits 4, 8 and 9 need \"use TPR shadow\", bit 9 (virtual-interrupt "
	                 "delivery) needs \"external-interrupt exiting\", and bits 0 and 4 "
	                 "exclude each other",
	        .explanation = RULE_TEXT(
	                "The virtual APIC is a page that \"use TPR shadow\" introduces; the other "
	                "features work on it. Virtual interrupts replace the real ones in the "
	                "guest, so real ones must cause VM exits. A guest's APIC is reached either "
	                "through memory or through MSRs, not both."),
	        .symptom = RULE_TEXT("VM-instruction error 7 when one feature of the virtual APIC "
	                             "is switched on or off by itself."),
	        .hint = "decide on a mode of the virtual APIC and set its controls together",
	},
	{
	        CONTROL,
	        .id = "CTL-APICV-ADDRESS",
	        .field = F_VIRTUAL_APIC_ADDRESS,
	        .also = { F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	                F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS },
	        .repeat = 2,
	        .needs = ADDRESS_NEEDS,
	        .offending = apic_page,
	        .message = "the address of the virtual-APIC page or APIC-access page is not that "
	                   "of a page",
	        .legal = "0 in bits 11:0 and 63:MAXPHYADDR (63:32 where IA32_VMX_BASIC bit 48 is "
	                 "1)",
	        .explanation = RULE_TEXT(
	                "\"Use TPR shadow\" needs a page that holds the virtual registers, "
	                "\"virtualize APIC accesses\" one that the guest believes to be its APIC. "
	                "Both are named by physical addresses."),
	        .symptom = RULE_TEXT("VM-instruction error 7 as soon as the control is switched "
	                             "on."),
	        .hint = "allocate whole pages, and write physical addresses, not linear ones",
	},
	{
	        CONTROL,
	        .id = "CTL-TPR-THRESHOLD",
	        .when = ON(TPR_SHADOW),
	        .unless = ON(VIRTUAL_INTERRUPT_DELIVERY),
	        .field = F_TPR_THRESHOLD,
	        .also = { F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	                F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, F_VIRTUAL_APIC_ADDRESS },
	        .looks_outside = true,
	        .needs = ADDRESS_NEEDS,
	        .offending = tpr_threshold,
	        .message = "the TPR threshold is not a priority class or is above the virtual TPR",
	        .legal = "0 in bits 31:4; and unless APIC accesses are virtualized, at most bits "
	                 "7:4 of the virtual TPR",
	        .explanation = RULE_TEXT(
	                "A VM exit happens when the guest lowers its TPR below the threshold, so "
	                "the threshold is one of 16 priority classes. With the TPR below it from "
	                "the start, that VM exit would be due before the guest has begun."),
	        .symptom = RULE_TEXT("VM-instruction error 7 once an interrupt waits for the "
	                             "guest's TPR."),
	        .hint = "set the threshold to min(class of the interrupt, class of the TPR)",
	},
	{
	        CONTROL,
	        .id = "CTL-POSTED",
	        .field = F_PIN_BASED_VM_EXECUTION_CONTROLS,
	        .also = { F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	                F_SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, F_VM_EXIT_CONTROLS },
	        .bochs = { [BOCHS_2_7] = BOCHS_CANNOT, [BOCHS_3_0] = BOCHS_DIFFERS },
	        .bochs_lets_pass = bochs_posted_interrupts,
	        .offending = posted_interrupts,
	        .message = "\"process posted interrupts\" (bit 7) lacks another control",
	        .legal = "bit 7 needs \"virtual-interrupt delivery\" and the VM-exit control "
	                 "\"acknowledge interrupt on exit\"",
	        .explanation =
	                RULE_TEXT("A posted interrupt becomes a virtual one without a VM exit, so "
	                          "the processor acknowledges the notification itself."),
	        .symptom = RULE_TEXT("VM-instruction error 7 when posted interrupts are switched "
	                             "on."),
	        .hint = "set the three controls together",
	        .bochs_detail = { [BOCHS_2_7] = RULE_TEXT("no model has posted interrupts"),
	                [BOCHS_3_0] = RULE_TEXT("without \"use TPR shadow\" it is not checked that "
	                                        "\"virtual-interrupt delivery\" is there") },
	},
	{
	        CONTROL,
	        .id = "CTL-POSTED-FIELDS",
	        .field = F_POSTED_INTERRUPT_NOTIFICATION_VECTOR,
	        .also = { F_PIN_BASED_VM_EXECUTION_CONTROLS },
	        .repeat = 2,
	        .bochs = { [BOCHS_2_7] = BOCHS_CANNOT, [BOCHS_3_0] = BOCHS_DIFFERS },
	        .bochs_lets_pass = bochs_posted_interrupt_field,
	        .needs = ADDRESS_NEEDS,
	        .offending = posted_interrupt_field,
	        .message = "the notification vector or the descriptor's address is malformed",
	        .legal = "a vector of 8 bits; an address with 0 in bits 5:0 and 63:MAXPHYADDR",
	        .explanation = RULE_TEXT(
	                "Devices and other processors post interrupts in a descriptor of 64 bytes, "
	                "aligned to its size so that it is one cache line, and announce them with "
	                "the vector."),
	        .symptom = RULE_TEXT("VM-instruction error 7 when posted interrupts are switched "
	                             "on."),
	        .hint = "allocate the descriptor aligned to 64 bytes",
	        .bochs_detail = { [BOCHS_2_7] = RULE_TEXT("no model has posted interrupts"),
	                [BOCHS_3_0] = RULE_TEXT("not checked without \"use TPR shadow\" "
	                                        "(CTL-POSTED is broken then, too); stricter: the "
	                                        "descriptor must begin a page") },
	},
};

const struct rule_group apic_control_rules = { rules, COUNT(rules) };
