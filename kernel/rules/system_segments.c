/*
 * The rules on TR, LDTR, GDTR and IDTR: SDM 3C 27.3.1.2, "Checks on Guest Segment Registers", and
 * 27.3.1.3, "Checks on Guest Descriptor-Table Registers".
 *
 * TR must always be usable; LDTR is checked only while it is.
 */
#include <r33/array.h>
#include <r33/segments.h>

#include "rules/segments.h"

#define TABLE_LIMIT_MAX 0xffffull

static uint64_t
selector_ti(struct rule_state *state, unsigned index)
{
	return segment_selector(state, index) & SELECTOR_TI;
}

static uint64_t
base_canonical(struct rule_state *state, unsigned index)
{
	return not_canonical(state, segment_base(state, index));
}

static uint64_t
not_system_segment(struct rule_state *state, unsigned index)
{
	return segment_access_rights(state, index) & RIGHTS_S;
}

static uint64_t
unusable(struct rule_state *state, unsigned index)
{
	return segment_access_rights(state, index) & RIGHTS_UNUSABLE;
}

/* index: 1 in IA-32e mode, where there is no 16-bit TSS. */
static uint64_t
tr_type(struct rule_state *state, unsigned index)
{
	unsigned type = segment_type(state, TR);

	return type == TYPE_TSS_BUSY || (type == TYPE_TSS_16_BUSY && !index) ? 0 : RIGHTS_TYPE;
}

static uint64_t
ldtr_type(struct rule_state *state, unsigned index)
{
	(void)index;
	return segment_type(state, LDTR) == TYPE_LDT ? 0 : RIGHTS_TYPE;
}

/* index: enum rule_field of the limit. */
static uint64_t
table_limit(struct rule_state *state, unsigned index)
{
	return state->values[index] & ~TABLE_LIMIT_MAX;
}

#define SYSTEM_RULE(register_, suffix) \
	.id = #register_ "-" suffix, .section = SECTION_SEGMENT_REGISTERS, .index = register_

#define BASE_CANONICAL(register_, condition, what) \
	{ SYSTEM_RULE(register_, "BASE-CANON"), .when = condition, \
		.field = F_GUEST_##register_##_BASE, .needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH), \
		.offending = base_canonical, .message = "the base address is not canonical", \
		.legal = "an address whose upper bits are all copies of the highest " \
		         "implemented one", \
		.explanation = RULE_TEXT( \
		        "The base of the " what " is a linear address of 64 bits, also for " \
		        "guests that are not in IA-32e mode, and must be canonical like " \
		        "every linear address in a register."), \
		.symptom = RULE_TEXT("The two dwords of a 16-byte descriptor were put " \
		                     "together wrongly, or the upper one was left out."), \
		.hint = "a 64-bit descriptor of a TSS or LDT has base bits 63:32 in its " \
		        "third dword", \
		CANONICAL_IN_BOCHS }

#define SYSTEM_SEGMENT(register_, condition) \
	{ SYSTEM_RULE(register_, "S"), .when = condition, \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, .offending = not_system_segment, \
		.message = "S is 1: the register holds code or data", .legal = "S (bit 4) = 0", \
		.explanation = RULE_TEXT("TR and LDTR refer to system segments, a TSS and an " \
		                         "LDT. With S = 1 the type means something else " \
		                         "altogether."), \
		.symptom = RULE_TEXT("The access rights of a data segment were written by a " \
		                     "loop over all eight registers."), \
		.hint = "8Bh is a busy TSS, 82h an LDT" }

#define PRESENT(register_, condition) \
	{ SYSTEM_RULE(register_, "P"), .when = condition, \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, .offending = segment_not_present, \
		.message = "P is 0: the segment is not present", .legal = "P (bit 7) = 1", \
		.explanation = \
		        RULE_TEXT("LTR and LLDT raise #NP for a segment that is not present, so " \
		                  "none can be in the register. An LDTR that holds nothing is " \
		                  "marked unusable instead; TR always holds something."), \
		.symptom = RULE_TEXT("The guest has not executed LTR or LLDT yet, and " \
		                     "the field is 0."), \
		.hint = "8Bh for TR; 10000h (unusable) for an LDTR without an LDT" }

#define RESERVED_11_8(register_, condition) \
	{ SYSTEM_RULE(register_, "RSVD-11-8"), .when = condition, \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, .offending = segment_reserved_11_8, \
		.message = "reserved bits 11:8 of the access rights are not 0", \
		.legal = "bits 11:8 = 0", \
		.explanation = RULE_TEXT("In a descriptor the upper bits of the limit are here; " \
		                         "in the VMCS the limit has a field of its own."), \
		.symptom = RULE_TEXT("Bits 19:16 of the descriptor's limit were left in."), \
		.hint = "mask the descriptor's bits with 0F0FFh after the shift" }

#define RESERVED_31_17(register_, condition) \
	{ SYSTEM_RULE(register_, "RSVD-31-17"), .when = condition, \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, .offending = segment_reserved_31_17, \
		.message = "reserved bits 31:17 of the access rights are not 0", \
		.legal = "bits 31:17 = 0", \
		.explanation = RULE_TEXT("Above the unusable bit (16) nothing is defined."), \
		.symptom = RULE_TEXT("The descriptor's second dword was written without " \
		                     "the shift by 8."), \
		.hint = "shift the descriptor's second dword right by 8 and mask it" }

#define GRANULARITY_LOW(register_, condition) \
	{ SYSTEM_RULE(register_, "G-LOW"), .when = condition, \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.also = { F_GUEST_##register_##_LIMIT }, .offending = segment_granularity_low, \
		.message = "G is 1 although bits 11:0 of the limit are not all 1", \
		.legal = "G = 0, or a limit that ends in FFFh", \
		.explanation = RULE_TEXT("The limit field counts bytes. A segment that counts in " \
		                         "pages ends with the last byte of one, so bits 11:0 of " \
		                         "its limit are all 1."), \
		.symptom = RULE_TEXT("A TSS with limit 67h got the access rights of a flat " \
		                     "segment (808Bh)."), \
		.hint = "the G bit of a TSS or LDT is nearly always 0" }

#define GRANULARITY_HIGH(register_, condition) \
	{ SYSTEM_RULE(register_, "G-HIGH"), .when = condition, \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.also = { F_GUEST_##register_##_LIMIT }, .offending = segment_granularity_high, \
		.message = "G is 0 although the limit needs more than 20 bits", \
		.legal = "G = 1, or a limit of at most FFFFFh", \
		.explanation = RULE_TEXT("A descriptor has 20 bits for the limit; a larger one " \
		                         "is possible only in pages, with G = 1."), \
		.symptom = RULE_TEXT("The limit field holds FFFFFFFFh, the default of a flat " \
		                     "segment."), \
		.hint = "the limit of a 64-bit TSS is 67h" }

#define BOTH_KINDS(register_, condition, what) \
	BASE_CANONICAL(register_, condition, what), SYSTEM_SEGMENT(register_, condition), \
	        PRESENT(register_, condition), RESERVED_11_8(register_, condition), \
	        RESERVED_31_17(register_, condition), GRANULARITY_LOW(register_, condition), \
	        GRANULARITY_HIGH(register_, condition)

#define SELECTOR_IN_GDT(register_, condition) \
	{ .id = "SEL-" #register_ "-TI", \
		.section = SECTION_SEGMENT_REGISTERS, \
		.when = condition, \
		.field = F_GUEST_##register_##_SELECTOR, \
		.index = register_, \
		.offending = selector_ti, \
		.message = "the selector has TI = 1", \
		.legal = "TI (bit 2) = 0: a descriptor in the GDT", \
		.explanation = RULE_TEXT( \
		        "Descriptors of TSSs and LDTs exist in the global descriptor table only. " \
		        "LTR and LLDT raise #GP for a selector that points into the LDT."), \
		.symptom = RULE_TEXT("The selector field holds another register's value, or was " \
		                     "never written."), \
		.hint = "clear bit 2 of the selector" }

#define TABLE_RULES(register_) \
	{ .id = #register_ "-BASE-CANON", \
		.section = SECTION_DESCRIPTOR_TABLES, \
		.field = F_GUEST_##register_##_BASE, \
		.index = F_GUEST_##register_##_BASE, \
		.needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH), \
		CANONICAL_IN_BOCHS, \
		.offending = field_not_canonical, \
		.message = "the base address is not canonical", \
		.legal = "an address whose upper bits are all copies of the highest implemented " \
		         "one", \
		.explanation = RULE_TEXT("The table's base is a linear address in a register and " \
		                         "must be canonical, also for guests that are not in " \
		                         "IA-32e mode."), \
		.symptom = \
		        RULE_TEXT("The operand of LGDT or LIDT was taken apart wrongly: its base " \
		                  "begins at byte 2."), \
		.hint = "a pseudo-descriptor is a 16-bit limit followed by the base" }, \
	        { .id = #register_ "-LIMIT-HI", \
		        .section = SECTION_DESCRIPTOR_TABLES, \
		        .field = F_GUEST_##register_##_LIMIT, \
		        .index = F_GUEST_##register_##_LIMIT, \
		        .offending = table_limit, \
		        .message = "bits 31:16 of the limit are not 0", \
		        .legal = "a limit of at most FFFFh", \
		        .explanation = RULE_TEXT( \
		                "LGDT and LIDT take a limit of 16 bits. The field is 32 bits " \
		                "wide, and its upper half must be 0."), \
		        .symptom = RULE_TEXT( \
		                "The flat limit FFFFFFFFh was written, as after reset for " \
		                "other registers."), \
		        .hint = "after reset both limits are FFFFh" }

static const struct rule rules[] = {
	SELECTOR_IN_GDT(TR, 0),
	SELECTOR_IN_GDT(LDTR, ON(LDTR_USABLE)),
	{
	        .id = "TR-UNUSABLE",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .field = F_GUEST_TR_ACCESS_RIGHTS,
	        .index = TR,
	        .offending = unusable,
	        .message = "TR is marked unusable",
	        .legal = "bit 16 = 0",
	        .explanation = RULE_TEXT(
	                "After reset TR holds a TSS, and LTR refuses a null selector: the register "
	                "is never empty. VM entry therefore takes no unusable TR, not even for a "
	                "guest in real mode that never looks at it."),
	        .symptom = RULE_TEXT("The guest has not executed LTR yet, and TR was treated like "
	                             "LDTR."),
	        .hint = "without a TSS of the guest's own: selector 0, base 0, limit 67h, 8Bh",
	},
	{
	        .id = "TR-TYPE-32",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .unless = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_TR_ACCESS_RIGHTS,
	        .offending = tr_type,
	        .message = "the type is not that of a busy TSS",
	        .legal = "type 3 (16-bit, busy) or 11 (32-bit, busy)",
	        .explanation = RULE_TEXT(
	                "LTR marks the TSS busy in its descriptor, so what is in TR is always a "
	                "busy one."),
	        .symptom = RULE_TEXT("The access rights were copied from a descriptor before LTR: "
	                             "89h instead of 8Bh."),
	        .hint = "8Bh; set bit 1 (busy) of an available TSS",
	},
	{
	        .id = "TR-TYPE-64",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_TR_ACCESS_RIGHTS,
	        .index = 1,
	        .offending = tr_type,
	        .message = "the type is not that of a busy 64-bit TSS",
	        .legal = "type 11",
	        .explanation = RULE_TEXT(
	                "In IA-32e mode there is one kind of TSS, and in TR it is busy. MOV to CR0 "
	                "raises #GP rather than activate IA-32e mode while TR holds a 16-bit TSS, "
	                "so no guest gets there by itself."),
	        .symptom = RULE_TEXT(
	                "A hypervisor that takes its guest to long mode itself, because MOV to CR0 "
	                "exits, set the control \"IA-32e mode guest\" and left type 3 in TR."),
	        .hint = "change the type to 11 when the guest enters IA-32e mode",
	},
	{
	        .id = "LDTR-TYPE",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(LDTR_USABLE),
	        .field = F_GUEST_LDTR_ACCESS_RIGHTS,
	        .offending = ldtr_type,
	        .message = "the type is not that of an LDT",
	        .legal = "type 2, or an unusable register",
	        .explanation =
	                RULE_TEXT("Type 2 of a system segment is an LDT; nothing else can be "
	                          "in LDTR."),
	        .symptom = RULE_TEXT("The guest has no LDT, and the field is 0 instead of "
	                             "unusable."),
	        .hint = "82h for an LDT, 10000h (unusable) without one",
	},
	BOTH_KINDS(TR, 0, "TSS"),
	BOTH_KINDS(LDTR, ON(LDTR_USABLE), "LDT"),
	TABLE_RULES(GDTR),
	TABLE_RULES(IDTR),
};

const struct rule_group system_segment_rules = { rules, COUNT(rules) };
