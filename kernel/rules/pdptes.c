/*
 * The rules on page-directory-pointer-table entries: SDM 3C 27.3.1.6, "Checks on Guest
 * Page-Directory-Pointer-Table Entries".  Exit qualification 2.
 *
 * PAE paging keeps its four entries in the processor.  With EPT VM entry loads them from the VMCS,
 * without it from memory, where CR3 points; each check is made on either.
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/paging.h>

#include "rules/state.h"

#define PDPTE_QUALIFICATION 2
#define PDPTES              4
#define ADDRESS_BITS        52

/* The four groups of bits that must be 0 in an entry that is present. */
enum group { BITS_2_1, BITS_8_5, BITS_BEYOND_WIDTH, BITS_63_52 };

static uint64_t
offending_bits(const struct rule_state *state, uint64_t entry, enum group group)
{
	if (!(entry & PDPTE_PRESENT))
		return 0;
	switch (group) {
	case BITS_2_1: return entry & 0x6;
	case BITS_8_5: return entry & 0x1e0;
	case BITS_BEYOND_WIDTH:
		return beyond_physical_width(state, entry) & ~bits_from(ADDRESS_BITS);
	case BITS_63_52: return entry & bits_from(ADDRESS_BITS);
	}
	return 0;
}

/* index: the entry's number, since these rules are repeated. */
#define VMCS_FUNCTION(name, group) \
	static uint64_t name(struct rule_state *state, unsigned index) \
	{ \
		return offending_bits(state, state->values[F_GUEST_PDPTE0 + index], group); \
	}
VMCS_FUNCTION(vmcs_2_1, BITS_2_1)
VMCS_FUNCTION(vmcs_8_5, BITS_8_5)
VMCS_FUNCTION(vmcs_beyond_width, BITS_BEYOND_WIDTH)
VMCS_FUNCTION(vmcs_63_52, BITS_63_52)

/* The first entry at fault of those in memory; index: enum group.  An entry that is at fault decides
 * the rule, whatever is unknown of the others. */
static uint64_t
memory_entries(struct rule_state *state, unsigned index)
{
	uint64_t table = FIELD(state, GUEST_CR3) & CR3_PAE_TABLE;

	for (unsigned i = 0; i < PDPTES; i++) {
		uint64_t entry, offending;

		if (!outside_memory(state, table + 8 * i, &entry))
			continue;
		offending = offending_bits(state, entry, index);
		if (offending) {
			state->outside_unknown = false;
			state->outside_value = entry;
			return offending;
		}
	}
	return 0;
}

#define VMCS_WHERE "in the VMCS"
#define VMCS_SYMPTOM \
	RULE_TEXT( \
	        "Exit qualification 2. The PDPTE fields of the VMCS were never written, or were " \
	        "filled from another kind of paging structure.")
#define VMCS_HINT \
	"with EPT the four entries are read from the VMCS: copy them from the guest's memory"
#define MEM_WHERE "in memory, where CR3 points"
#define MEM_SYMPTOM \
	RULE_TEXT( \
	        "Exit qualification 2. CR3 does not lead to a page-directory-pointer table: its " \
	        "bits 31:5 name 32 bytes with four entries.")
#define MEM_HINT "look at the 32 bytes at bits 31:5 of CR3; an unused entry has P = 0"

#define PDPTE_RULE(place, suffix, needs_, message_, legal_, explanation_) \
	.id = "PDPTE-" #place "-" suffix, .section = SECTION_PDPTES, \
	.qualification = PDPTE_QUALIFICATION, .needs = needs_, \
	.message = message_ " in a present entry " place##_WHERE, .legal = legal_, \
	.explanation = RULE_TEXT(explanation_), .symptom = place##_SYMPTOM, .hint = place##_HINT

/* Once on the VMCS and once on memory. */
#define VMCS_RULE(suffix, function, needs_, ...) \
	{ PDPTE_RULE(VMCS, suffix, needs_, __VA_ARGS__), .when = ON(PAE_PAGING) | ON(ENABLE_EPT), \
		.field = F_GUEST_PDPTE0, .repeat = PDPTES, .offending = function }
#define MEMORY_RULE(suffix, group, needs_, ...) \
	{ PDPTE_RULE(MEM, suffix, needs_, __VA_ARGS__), .when = ON(PAE_PAGING), \
		.unless = ON(ENABLE_EPT), .field = F_GUEST_CR3, .index = group, \
		.looks_outside = true, .offending = memory_entries }

#define TEXTS_2_1 \
	"bits 2:1 are not 0", "0 in bits 2:1 of every entry with P = 1", \
	        "Entries of this level have neither R/W nor U/S: rights are given one level " \
	        "below. The bits are reserved, and a mistake shows when the entries are loaded, " \
	        "not when they are used."
#define TEXTS_8_5 \
	"bits 8:5 are not 0", "0 in bits 8:5 of every entry with P = 1", \
	        "Accessed and dirty flags, page size and global do not exist at this level. MOV " \
	        "to CR3 raises #GP for such an entry, and VM entry refuses it."
#define TEXTS_BEYOND_WIDTH \
	"the address has bits beyond the physical-address width", \
	        "0 in bits 51:MAXPHYADDR of every entry with P = 1", \
	        "An entry holds the physical address of a page directory, and the processor has " \
	        "only MAXPHYADDR address bits (CPUID leaf 80000008h, EAX[7:0])."
#define TEXTS_63_52 \
	"bits 63:52 are not 0", "0 in bits 63:52 of every entry with P = 1", \
	        "Entries of this level have no execute-disable flag and no bits that are left to " \
	        "software above the address."

static const struct rule rules[] = {
	VMCS_RULE("2-1", vmcs_2_1, 0, TEXTS_2_1),
	VMCS_RULE("8-5", vmcs_8_5, 0, TEXTS_8_5),
	VMCS_RULE(
	        "MAXPHY", vmcs_beyond_width, ON(NEEDS_PHYSICAL_ADDRESS_WIDTH), TEXTS_BEYOND_WIDTH),
	VMCS_RULE("63-52", vmcs_63_52, 0, TEXTS_63_52),
	MEMORY_RULE("2-1", BITS_2_1, 0, TEXTS_2_1),
	MEMORY_RULE("8-5", BITS_8_5, 0, TEXTS_8_5),
	MEMORY_RULE(
	        "MAXPHY", BITS_BEYOND_WIDTH, ON(NEEDS_PHYSICAL_ADDRESS_WIDTH), TEXTS_BEYOND_WIDTH),
	MEMORY_RULE("63-52", BITS_63_52, 0, TEXTS_63_52),
};

const struct rule_group pdpte_rules = { rules, COUNT(rules) };
