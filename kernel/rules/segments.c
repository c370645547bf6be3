/*
 * The rules on CS, SS, DS, ES, FS and GS that look at one register alone: SDM 3C 27.3.1.2, "Checks
 * on Guest Segment Registers".  Those that compare privilege levels are in segment_privilege.c,
 * those of virtual-8086 mode in segment_v86.c.
 *
 * Every family is written once; `index` is the register (enum segment).
 */
#include "rules/segments.h"

#include <r33/array.h>

#include "rules/state.h"

#define RIGHTS_RESERVED_11_8 0xf00ull
#define RIGHTS_RESERVED_HIGH 0xfffe0000ull
#define LIMIT_LOW            0xfffull
#define LIMIT_HIGH           0xfff00000ull

/* Bochs does not look at SS while its selector is null and the guest starts in 64-bit mode. */
bool
bochs_skips_ss(struct rule_state *state, unsigned index)
{
	return index == SS && holds(state, CODE_64BIT) &&
	       (segment_selector(state, SS) & ~3ull) == 0;
}

static uint64_t
base_not_canonical(struct rule_state *state, unsigned index)
{
	return not_canonical(state, segment_base(state, index));
}

static uint64_t
base_upper_half(struct rule_state *state, unsigned index)
{
	return segment_base(state, index) & UPPER_HALF;
}

static uint64_t
not_accessed(struct rule_state *state, unsigned index)
{
	return TYPE_ACCESSED & ~segment_access_rights(state, index);
}

static uint64_t
not_readable(struct rule_state *state, unsigned index)
{
	uint64_t rights = segment_access_rights(state, index);

	return rights & TYPE_CODE ? TYPE_READABLE & ~rights : 0;
}

uint64_t
segment_not_present(struct rule_state *state, unsigned index)
{
	return RIGHTS_P & ~segment_access_rights(state, index);
}

static uint64_t
not_code_or_data(struct rule_state *state, unsigned index)
{
	return RIGHTS_S & ~segment_access_rights(state, index);
}

uint64_t
segment_reserved_11_8(struct rule_state *state, unsigned index)
{
	return segment_access_rights(state, index) & RIGHTS_RESERVED_11_8;
}

uint64_t
segment_reserved_31_17(struct rule_state *state, unsigned index)
{
	return segment_access_rights(state, index) & RIGHTS_RESERVED_HIGH;
}

uint64_t
segment_granularity_low(struct rule_state *state, unsigned index)
{
	bool all_ones = (segment_limit(state, index) & LIMIT_LOW) == LIMIT_LOW;

	return all_ones ? 0 : segment_access_rights(state, index) & RIGHTS_G;
}

uint64_t
segment_granularity_high(struct rule_state *state, unsigned index)
{
	bool any_one = segment_limit(state, index) & LIMIT_HIGH;

	return any_one ? RIGHTS_G & ~segment_access_rights(state, index) : 0;
}

/* CS: without unrestricted guest an accessed code segment. */
static uint64_t
cs_type(struct rule_state *state, unsigned index)
{
	(void)index;
	return (segment_type(state, CS) & 9) == 9 ? 0 : RIGHTS_TYPE;
}

static uint64_t
cs_type_unrestricted(struct rule_state *state, unsigned index)
{
	return segment_type(state, CS) == 3 ? 0 : cs_type(state, index);
}

static uint64_t
ss_type(struct rule_state *state, unsigned index)
{
	unsigned type = segment_type(state, SS);

	(void)index;
	return type == 3 || type == 7 ? 0 : RIGHTS_TYPE;
}

static uint64_t
cs_db_and_l(struct rule_state *state, unsigned index)
{
	(void)index;
	return segment_access_rights(state, CS) & RIGHTS_DB;
}

#define SEGMENT_RULE(register_, suffix) \
	.id = "SEG-" #register_ "-" suffix, .section = SECTION_SEGMENT_REGISTERS, .index = register_

#define BASE_CANONICAL(register_) \
	{ SEGMENT_RULE(register_, "BASE-CANON"), .field = F_GUEST_##register_##_BASE, \
		.needs = ON(NEEDS_LINEAR_ADDRESS_WIDTH), .offending = base_not_canonical, \
		.message = "the base address is not canonical", \
		.legal = "an address whose upper bits are all copies of the highest " \
		         "implemented one, also while the register is unusable", \
		.explanation = \
		        RULE_TEXT("FS and GS keep a 64-bit base in every mode: it is what " \
		                  "IA32_FS_BASE and IA32_GS_BASE show. Like every linear address " \
		                  "in a register it must be canonical. The unusable bit is no " \
		                  "excuse, since 64-bit code uses the base all the same."), \
		.symptom = RULE_TEXT( \
		        "A 64-bit guest fails after its thread pointer was restored from " \
		        "a place where it had been cut or shifted."), \
		.hint = "the base was never written, or an address of the upper half " \
		        "lost its sign extension", \
		CANONICAL_IN_BOCHS }

#define BASE_32_BITS(register_, condition) \
	{ SEGMENT_RULE(register_, "BASE-HI"), .when = condition, \
		.field = F_GUEST_##register_##_BASE, BOCHS_SKIPS_SS(register_), \
		.offending = base_upper_half, \
		.message = "bits 63:32 of the base address are not 0", \
		.legal = "a base of 32 bits", \
		.explanation = RULE_TEXT( \
		        "In a descriptor the base has 32 bits, and only FS and GS have a " \
		        "way around it (their MSRs). So no instruction can give this " \
		        "register a larger base, and VM entry does not either. The base " \
		        "of CS is checked even if CS is marked unusable."), \
		.symptom = RULE_TEXT("A base field holds a 64-bit address: often that of FS, GS, " \
		                     "TR or a descriptor table."), \
		.hint = "the fields of two registers were mixed up" }

#define ACCESSED(register_) \
	{ SEGMENT_RULE(register_, "ACCESSED"), .when = ON(register_##_USABLE), \
		.unless = ON(VIRTUAL_8086), .field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.offending = not_accessed, .message = "the accessed bit is 0", \
		.legal = "type bit 0 = 1, or an unusable register", \
		.explanation = RULE_TEXT( \
		        "Loading a segment register sets the accessed bit of its " \
		        "descriptor. A usable register therefore always holds a type " \
		        "with bit 0 = 1; VM entry loads the register without touching a " \
		        "descriptor, so the field has to say it."), \
		.symptom = RULE_TEXT("Access rights were copied from a descriptor that had not " \
		                     "been loaded yet: 92h instead of 93h."), \
		.hint = "set type bit 0 (accessed): 93h for data, 9Bh for code" }

#define READABLE(register_) \
	{ SEGMENT_RULE(register_, "READABLE"), .when = ON(register_##_USABLE), \
		.unless = ON(VIRTUAL_8086), .field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.offending = not_readable, \
		.message = "the register holds an execute-only code segment", \
		.legal = "a data segment, or a code segment with type bit 1 (readable) = " \
		         "1", \
		.explanation = RULE_TEXT( \
		        "DS, ES, FS and GS are for reading. MOV to them raises #GP for a " \
		        "code segment that is not readable, so none can be in there."), \
		.symptom = RULE_TEXT("Type 9 or 13 where 11 or 15 was meant."), \
		.hint = "set type bit 1 (readable) of the code segment" }

#define CODE_OR_DATA(register_, condition) \
	{ SEGMENT_RULE(register_, "S"), .when = condition, .unless = ON(VIRTUAL_8086), \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, BOCHS_SKIPS_SS(register_), \
		.offending = not_code_or_data, \
		.message = "S is 0: the register holds a system segment", \
		.legal = "S (bit 4) = 1: code or data", \
		.explanation = RULE_TEXT( \
		        "With S = 0 a descriptor is a TSS, an LDT or a gate, which only " \
		        "TR, LDTR and the interrupt-descriptor table can refer to."), \
		.symptom = RULE_TEXT("The field is 0, because it was never written, or " \
		                     "the access byte was shifted by four bits."), \
		.hint = "access rights are bits 23:8 of a descriptor's second dword: " \
		        "93h, 9Bh and so on" }

#define PRESENT(register_, condition) \
	{ SEGMENT_RULE(register_, "P"), .when = condition, .unless = ON(VIRTUAL_8086), \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, BOCHS_SKIPS_SS(register_), \
		.offending = segment_not_present, .message = "P is 0: the segment is not present", \
		.legal = "P (bit 7) = 1, or (not for CS) an unusable register", \
		.explanation = RULE_TEXT("A segment that is not present cannot be loaded: MOV " \
		                         "raises #NP, or #SS for SS. A register that holds " \
		                         "nothing is marked unusable (bit 16) instead."), \
		.symptom = RULE_TEXT("A null selector was translated into access rights " \
		                     "0 without the unusable bit."), \
		.hint = "for a register with a null selector set bit 16 (unusable)" }

#define RESERVED_11_8(register_, condition) \
	{ SEGMENT_RULE(register_, "RSVD-11-8"), .when = condition, .unless = ON(VIRTUAL_8086), \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, BOCHS_SKIPS_SS(register_), \
		.offending = segment_reserved_11_8, \
		.message = "reserved bits 11:8 of the access rights are not 0", \
		.legal = "bits 11:8 = 0", \
		.explanation = RULE_TEXT("The field has the layout of a descriptor's second " \
		                         "dword, shifted right by 8. There, bits 19:16 are the " \
		                         "upper bits of the limit; in the VMCS the limit has a " \
		                         "field of its own, and these bits are reserved."), \
		.symptom = RULE_TEXT("The field reads 0CF9Bh where 0C09Bh is right: " \
		                     "limit bits F were left in."), \
		.hint = "mask the descriptor's bits with 0F0FFh after the shift" }

#define RESERVED_31_17(register_, condition) \
	{ SEGMENT_RULE(register_, "RSVD-31-17"), .when = condition, .unless = ON(VIRTUAL_8086), \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, BOCHS_SKIPS_SS(register_), \
		.offending = segment_reserved_31_17, \
		.message = "reserved bits 31:17 of the access rights are not 0", \
		.legal = "bits 31:17 = 0", \
		.explanation = \
		        RULE_TEXT("Above the unusable bit (16) nothing is defined. Unlike bits " \
		                  "that a processor ignores, these are checked."), \
		.symptom = RULE_TEXT("The descriptor's second dword was written without the " \
		                     "shift by 8, or the field holds uninitialized memory."), \
		.hint = "shift the descriptor's second dword right by 8 and mask it" }

#define GRANULARITY_LOW(register_, condition) \
	{ SEGMENT_RULE(register_, "G-LOW"), .when = condition, .unless = ON(VIRTUAL_8086), \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.also = { F_GUEST_##register_##_LIMIT }, BOCHS_SKIPS_SS(register_), \
		.offending = segment_granularity_low, \
		.message = "G is 1 although bits 11:0 of the limit are not all 1", \
		.legal = "G = 0, or a limit that ends in FFFh", \
		.explanation = RULE_TEXT("The limit field holds the limit in bytes. With G = 1 " \
		                         "a descriptor counts in pages of 4096 bytes, and such " \
		                         "a segment ends with the last byte of a page: bits " \
		                         "11:0 of its limit are all 1."), \
		.symptom = RULE_TEXT("The descriptor's 20-bit limit (FFFFFh) or a limit " \
		                     "counted from 1 (1000h) was written without scaling."), \
		.hint = "with G = 1 write (limit << 12) | FFFh" }

#define GRANULARITY_HIGH(register_, condition) \
	{ SEGMENT_RULE(register_, "G-HIGH"), .when = condition, .unless = ON(VIRTUAL_8086), \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.also = { F_GUEST_##register_##_LIMIT }, BOCHS_SKIPS_SS(register_), \
		.offending = segment_granularity_high, \
		.message = "G is 0 although the limit needs more than 20 bits", \
		.legal = "G = 1, or a limit of at most FFFFFh", \
		.explanation = RULE_TEXT( \
		        "A descriptor has 20 bits for the limit. A larger limit in bytes " \
		        "is possible only when it counts in pages, so G must be 1."), \
		.symptom = RULE_TEXT("A flat segment with limit FFFFFFFFh and access " \
		                     "rights 93h or 9Bh, without the G bit (8000h)."), \
		.hint = "add the G bit (bit 15) to the access rights" }

#define ALL_OF(register_, condition) \
	CODE_OR_DATA(register_, condition), PRESENT(register_, condition), \
	        RESERVED_11_8(register_, condition), RESERVED_31_17(register_, condition), \
	        GRANULARITY_LOW(register_, condition), GRANULARITY_HIGH(register_, condition)

static const struct rule rules[] = {
	BASE_CANONICAL(FS),
	BASE_CANONICAL(GS),
	BASE_32_BITS(CS, 0),
	BASE_32_BITS(SS, ON(SS_USABLE)),
	BASE_32_BITS(DS, ON(DS_USABLE)),
	BASE_32_BITS(ES, ON(ES_USABLE)),
	{
	        .id = "SEG-CS-TYPE-NOURG",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .unless = ON(VIRTUAL_8086) | ON(UNRESTRICTED_GUEST),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .offending = cs_type,
	        .message = "the type is not that of an accessed code segment",
	        .legal = "type 9, 11, 13 or 15",
	        .explanation = RULE_TEXT(
	                "CS holds a code segment, and loading it has set its accessed bit: type "
	                "bits 3 and 0 are 1. Readable (bit 1) and conforming (bit 2) are free."),
	        .symptom = RULE_TEXT("A real-mode CS (type 3) on a processor without unrestricted "
	                             "guest, or access rights 9Ah with the accessed bit missing."),
	        .hint = "9Bh (or A09Bh in 64-bit mode) is the usual value",
	},
	{
	        .id = "SEG-CS-TYPE-URG",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(UNRESTRICTED_GUEST),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .offending = cs_type_unrestricted,
	        .message = "the type is neither that of an accessed code segment nor 3",
	        .legal = "type 3, 9, 11, 13 or 15",
	        .explanation = RULE_TEXT("With unrestricted guest CS may also hold a writable data "
	                                 "segment (type 3): that is what it looks like in real "
	                                 "mode. Everything else is as it is without."),
	        .symptom = RULE_TEXT("Access rights 9Ah, with the accessed bit missing, or those "
	                             "of an expand-down segment."),
	        .hint = "9Bh is the usual value, 93h that of real mode",
	},
	{
	        .id = "SEG-SS-TYPE",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(SS_USABLE),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_SS_ACCESS_RIGHTS,
	        BOCHS_SKIPS_SS(SS),
	        .index = SS,
	        .offending = ss_type,
	        .message = "the type is not that of an accessed, writable data segment",
	        .legal = "type 3, or 7 (expand-down)",
	        .explanation = RULE_TEXT("A stack is written to: SS takes only writable data "
	                                 "segments, and loading it has set the accessed bit."),
	        .symptom = RULE_TEXT("Access rights 91h or 92h, or those of a code segment."),
	        .hint = "93h (C093h with a flat limit) is the usual value",
	},
	ACCESSED(DS),
	ACCESSED(ES),
	ACCESSED(FS),
	ACCESSED(GS),
	READABLE(DS),
	READABLE(ES),
	READABLE(FS),
	READABLE(GS),
	ALL_OF(CS, 0),
	ALL_OF(SS, ON(SS_USABLE)),
	ALL_OF(DS, ON(DS_USABLE)),
	ALL_OF(ES, ON(ES_USABLE)),
	ALL_OF(FS, ON(FS_USABLE)),
	ALL_OF(GS, ON(GS_USABLE)),
	{
	        .id = "SEG-CS-DB-L",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(CODE_64BIT),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .offending = cs_db_and_l,
	        .message = "D/B is 1 in a 64-bit code segment (L = 1)",
	        .legal = "D/B (bit 14) = 0 where L (bit 13) = 1 in an IA-32e mode guest",
	        .explanation = RULE_TEXT(
	                "L = 1 with D = 1 is reserved for later use in IA-32e mode. In a guest "
	                "that is not in IA-32e mode L means nothing, and both may be 1."),
	        .symptom = RULE_TEXT("A 32-bit code segment (C09Bh) was made 64-bit by adding the "
	                             "L bit: E09Bh instead of A09Bh."),
	        .hint = "the access rights of 64-bit code are A09Bh",
	},
};

const struct rule_group segment_rules = { rules, COUNT(rules) };
