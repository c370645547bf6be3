/* Cases for the control fields that VM entry checks first, event injection among them. */
#include "rule_case.h"

#define PIN       PIN_BASED_VM_EXECUTION_CONTROLS
#define PRIMARY   PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define TERTIARY  TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define SECONDARY SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define EVENT     VM_ENTRY_INTERRUPTION_INFORMATION

/* The MSR-load area ends at the last byte that the processor can address, or 16 bytes beyond. */
static void
msr_load_end(struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	(void)twin;
	vmcs_set(broken, VM_ENTRY_MSR_LOAD_ADDRESS, BIT(capabilities->physical_address_width) - 16);
}

static void
msr_load_width(struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	(void)twin;
	vmcs_set(broken, VM_ENTRY_MSR_LOAD_ADDRESS, BIT(capabilities->physical_address_width));
	vmcs_set(broken, VM_ENTRY_MSR_LOAD_COUNT, 1);
}

/* A case a line. */
/* clang-format off */
static const struct rule_case cases[] = {
	{ "CTL-PIN-RSVD", "64-bit", { BITS(PIN, BIT(31)) }, { { 0 } } },
	{ "CTL-PIN-RSVD", "64-bit", { CLEAR(PIN, BIT(1)) }, { { 0 } } },
	{ "CTL-PROC-RSVD", "64-bit", { CLEAR(PRIMARY, BIT(1)) }, { { 0 } } },
	{ "CTL-PROC-RSVD", "64-bit", { BITS(PRIMARY, BIT(0)) }, { { 0 } } },
	{ "CTL-PROC2-RSVD", "64-bit", { BITS(SECONDARY, BIT(30)) }, { BITS(SECONDARY, BIT(30)), CLEAR(PRIMARY, BIT(31)) }, "without-ept" },
	{ "CTL-EXIT-RSVD", "64-bit", { CLEAR(VM_EXIT_CONTROLS, BIT(0)) }, { { 0 } } },
	{ "CTL-EXIT-RSVD", "64-bit", { BITS(VM_EXIT_CONTROLS, BIT(31)) }, { { 0 } } },
	{ "CTL-ENTRY-RSVD", "64-bit", { CLEAR(VM_ENTRY_CONTROLS, BIT(0)) }, { { 0 } } },
	{ "CTL-ENTRY-RSVD", "64-bit", { BITS(VM_ENTRY_CONTROLS, BIT(16)) }, { { 0 } } },
	{ "CTL-ENTRY-RSVD", "64-bit", { BITS(VM_ENTRY_CONTROLS, BIT(31)) }, { { 0 } } },
	{ "CTL-ENTRY-SMM", "64-bit", { BITS(VM_ENTRY_CONTROLS, BIT(10)) }, { { 0 } } },
	{ "CTL-ENTRY-DUALMON", "64-bit", { BITS(VM_ENTRY_CONTROLS, BIT(11)) }, { { 0 } } },
	{ "CTL-PROC3-RSVD", "tertiary", { BITS(TERTIARY, BIT(63)) }, { { 0 } } },
	{ "CTL-PROC3-RSVD", "tertiary", { BITS(TERTIARY, BIT(40)) }, { BITS(TERTIARY, BIT(63)), CLEAR(PRIMARY, BIT(17)) } },
	{ "CTL-URG-EPT", "64-bit", { CLEAR(SECONDARY, BIT(1)) }, { { 0 } } },
	{ "CTL-EPTP", "pae-ept", { REPLACE(EPT_POINTER, 7, 3) }, { REPLACE(EPT_POINTER, 7, 0) } },
	{ "CTL-EPTP", "pae-ept", { REPLACE(EPT_POINTER, 0x38, 0x10) }, { { 0 } } },
	{ "CTL-EPTP", "pae-ept", { BITS(EPT_POINTER, BIT(63)) }, { { 0 } } },
	{ "CTL-POSTED", "posted-interrupts", { CLEAR(VM_EXIT_CONTROLS, BIT(15)) }, { { 0 } } },
	{ "CTL-POSTED", "posted-interrupts", { CLEAR(SECONDARY, BIT(9)) }, { { 0 } } },
	{ "CTL-POSTED", "posted-interrupts", { CLEAR(SECONDARY, BIT(9)), CLEAR(PRIMARY, BIT(21)) }, { { 0 } } },
	{ "CTL-POSTED-FIELDS", "posted-interrupts", { BITS(POSTED_INTERRUPT_NOTIFICATION_VECTOR, BIT(8)) }, { SET(POSTED_INTERRUPT_NOTIFICATION_VECTOR, 0xff) } },
	{ "CTL-POSTED-FIELDS", "posted-interrupts", { BITS(POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, BIT(5)) }, { BITS(POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, BIT(6)) } },
	{ "CTL-POSTED-FIELDS", "posted-interrupts", { BITS(POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, BIT(63)) }, { { 0 } } },
	{ "CTL-VPID", "controls", { SET(VIRTUAL_PROCESSOR_ID, 0) }, { SET(VIRTUAL_PROCESSOR_ID, 0xffff) } },
	{ "CTL-VNMI", "virtual-nmi", { CLEAR(PIN, BIT(3)) }, { { 0 } } },
	{ "CTL-NMIWIN", "64-bit", { BITS(PRIMARY, BIT(22)) }, { BITS(PRIMARY, BIT(22)) }, "virtual-nmi" },
	{ "CTL-SHADOW-BITMAPS", "shadowing", { BITS(VMREAD_BITMAP_ADDRESS, 1) }, { { 0 } } },
	{ "CTL-SHADOW-BITMAPS", "shadowing", { BITS(VMWRITE_BITMAP_ADDRESS, BIT(63)) }, { { 0 } } },
	{ "CTL-PREEMPT-SAVE", "64-bit", { BITS(VM_EXIT_CONTROLS, BIT(22)), CLEAR(PIN, BIT(6)) }, { BITS(VM_EXIT_CONTROLS, BIT(22)) } },
	{ "CTL-PML-EPT", "pml", { CLEAR(SECONDARY, BIT(1) | BIT(7)) }, { { 0 } } },
	{ "CTL-PML", "pml", { BITS(PML_ADDRESS, 0x800) }, { { 0 } } },
	{ "CTL-APICV-ADDRESS", "bitmaps", { BITS(VIRTUAL_APIC_ADDRESS, 0x10) }, { { 0 } } },
	{ "CTL-EXIT-MSR-STORE", "64-bit", { SET(VM_EXIT_MSR_STORE_COUNT, 1), SET(VM_EXIT_MSR_STORE_ADDRESS, 8) }, { SET(VM_EXIT_MSR_STORE_ADDRESS, 8) } },
	{ "CTL-EXIT-MSR-LOAD", "64-bit", { SET(VM_EXIT_MSR_LOAD_COUNT, 1), SET(VM_EXIT_MSR_LOAD_ADDRESS, BIT(63)) }, { SET(VM_EXIT_MSR_LOAD_ADDRESS, BIT(63)) } },
	{ "CTL-APICV", "virtual-interrupts", { CLEAR(PIN, BIT(0)) }, { { 0 } } },
	{ "CTL-APICV", "64-bit", { BITS(SECONDARY, BIT(4)) }, { { 0 } } },
	{ "CTL-TPR-THRESHOLD", "bitmaps", { SET(TPR_THRESHOLD, 0x10) }, { { 0 } } },
	{ "CTL-TPR-THRESHOLD", "bitmaps", { SET(TPR_THRESHOLD, 1) }, { SET(TPR_THRESHOLD, 1), SET(MEMORY(BASE_VIRTUAL_APIC + 0x80), 0x10) } },
	{ "CTL-CR3-TARGETS", "64-bit", { SET(CR3_TARGET_COUNT, 5) }, { SET(CR3_TARGET_COUNT, 4) } },
	{ "CTL-IO-MSR-BITMAP", "bitmaps", { BITS(IO_BITMAP_A_ADDRESS, 1) }, { { 0 } } },
	{ "CTL-IO-MSR-BITMAP", "bitmaps", { BITS(MSR_BITMAP_ADDRESS, BIT(63)) }, { BITS(MSR_BITMAP_ADDRESS, BIT(63)) }, "64-bit" },
	{ "CTL-TSC-MULT", "pml", { SET(TSC_MULTIPLIER, 0) }, { SET(TSC_MULTIPLIER, 1) } },
	{ "CTL-MSRLOAD-ADDR", "msr-load", { BITS(VM_ENTRY_MSR_LOAD_ADDRESS, 8) }, { BITS(VM_ENTRY_MSR_LOAD_ADDRESS, 8), SET(VM_ENTRY_MSR_LOAD_COUNT, 0) } },
	{ "CTL-MSRLOAD-ADDR", "msr-load", { BITS(VM_ENTRY_MSR_LOAD_ADDRESS, 0) }, { { 0 } }, NULL, msr_load_width },
	{ "CTL-MSRLOAD-LAST", "msr-load", { BITS(VM_ENTRY_MSR_LOAD_ADDRESS, 0) }, { { 0 } }, NULL, msr_load_end },
	{ "INJ-TYPE-RSVD", "64-bit", { SET(EVENT, 0x80000100) }, { SET(EVENT, 0x00000100) } },
	{ "INJ-VECTOR-NMI", "nmi", { SET(EVENT, 0x80000203) }, { { 0 } } },
	{ "INJ-VECTOR-HWEXC", "64-bit", { SET(EVENT, 0x80000320) }, { SET(EVENT, 0x8000031f) } },
	{ "INJ-VECTOR-OTHER", "64-bit", { SET(EVENT, 0x80000701) }, { SET(EVENT, 0x80000700) } },
	{ "INJ-ERRCODE-FLAG", "interrupt", { BITS(EVENT, BIT(11)) }, { { 0 } } },
	{ "INJ-ERRCODE-FLAG", "exception", { CLEAR(EVENT, BIT(11)) }, { { 0 } } },
	{ "INJ-ERRCODE-FLAG", "software-interrupt", { BITS(EVENT, BIT(11)) }, { { 0 } } },
	{ "INJ-ERRCODE-FLAG", "real", { SET(EVENT, 0x80000b0d) }, { SET(EVENT, 0x8000030d) } },
	{ "INJ-ERRCODE-VALUE", "exception", { BITS(VM_ENTRY_EXCEPTION_ERROR_CODE, BIT(16)) }, { BITS(VM_ENTRY_EXCEPTION_ERROR_CODE, BIT(14)) } },
	{ "INJ-RSVD", "interrupt", { BITS(EVENT, BIT(12)) }, { { 0 } } },
	{ "INJ-RSVD", "interrupt", { BITS(EVENT, BIT(30)) }, { { 0 } } },
	{ "INJ-ILEN", "software-interrupt", { SET(VM_ENTRY_INSTRUCTION_LENGTH, 16) }, { SET(VM_ENTRY_INSTRUCTION_LENGTH, 15) } },
	{ "INJ-ILEN", "software-interrupt", { SET(VM_ENTRY_INSTRUCTION_LENGTH, 16) }, { SET(VM_ENTRY_INSTRUCTION_LENGTH, 1) } },
};
/* clang-format on */

const struct rule_case_group control_cases = CASE_GROUP(cases);

const struct rule_case_group *const rule_case_groups[] = { &register_cases, &segment_cases,
	&system_segment_cases, &non_register_cases, &memory_cases, &control_cases, NULL };
