/* How rules are checked, for the files of kernel/rules/ only: the state they judge, and what they ask of it. */
#pragma once

#include "rules/rules.h"
#include "rules/terms.h"
#include "rules/values.h"

/* What is judged: all fields read once, and the conditions found. */
struct rule_state {
	uint64_t values[RULE_FIELD_COUNT];
	bool known[RULE_FIELD_COUNT];
	bool all_known;
	uint64_t true_conditions;
	uint64_t false_conditions;
	const struct capabilities *capabilities;
	const struct rule_input *input;
	enum bochs_version version; /* that bochs_lets_pass() is asked of */
	/* Set by a function that looks outside the fields. */
	bool outside_unknown;
	uint64_t outside_value;
};

/* A field's value: FIELD(state, GUEST_CR0). */
#define FIELD(state, name) ((state)->values[F_##name])

static inline bool
holds(const struct rule_state *state, enum rule_condition condition)
{
	return state->true_conditions & ON(condition);
}

/* One field of a segment register. */
static inline uint64_t
segment_selector(const struct rule_state *state, unsigned segment)
{
	return state->values[F_GUEST_ES_SELECTOR + segment];
}

static inline uint64_t
segment_base(const struct rule_state *state, unsigned segment)
{
	return state->values[F_GUEST_ES_BASE + segment];
}

static inline uint64_t
segment_limit(const struct rule_state *state, unsigned segment)
{
	return state->values[F_GUEST_ES_LIMIT + segment];
}

static inline uint64_t
segment_access_rights(const struct rule_state *state, unsigned segment)
{
	return state->values[F_GUEST_ES_ACCESS_RIGHTS + segment];
}

static inline unsigned
segment_type(const struct rule_state *state, unsigned segment)
{
	return segment_access_rights(state, segment) & RIGHTS_TYPE;
}

static inline unsigned
segment_dpl(const struct rule_state *state, unsigned segment)
{
	return (segment_access_rights(state, segment) & RIGHTS_DPL) >> 5;
}

#define UPPER_HALF 0xffffffff00000000ull

/* not_canonical_by() the width that the processor has.  CR4.LA57, the guest's or the host's, does not matter:
 * docs/sdm.md. */
static inline uint64_t
not_canonical(const struct rule_state *state, uint64_t address)
{
	return not_canonical_by(state->capabilities->linear_address_width, address);
}

/* The bits of a physical address beyond the processor's width. */
static inline uint64_t
beyond_physical_width(const struct rule_state *state, uint64_t address)
{
	return address & bits_from(state->capabilities->physical_address_width);
}

/* The same for addresses of structures that VMX uses: IA32_VMX_BASIC bit 48 limits them to 32 bits. */
static inline uint64_t
beyond_vmx_width(const struct rule_state *state, uint64_t address)
{
	return beyond_physical_width(state, address) |
	       (state->capabilities->vmx_basic >> 48 & 1 ? address & bits_from(32) : 0);
}

/* 8 bytes of memory.  False when they are not known: the rule that asks is then unknown, whatever
 * it returns. */
static inline bool
outside_memory(struct rule_state *state, uint64_t address, uint64_t *value)
{
	const struct rule_input *input = state->input;

	if (input->read_memory && input->read_memory(input->context, address, value))
		return true;
	state->outside_unknown = true;
	return false;
}

/* field_checks.c: what many rules ask of one field; index: its enum rule_field. */
uint64_t field_upper_half(struct rule_state *state, unsigned index);
uint64_t field_not_canonical(struct rule_state *state, unsigned index);

/* How Bochs deviates from the rules on canonical addresses (BOCHS-CANON-... in bochs.c). */
#define CANONICAL_IN_BOCHS \
	.bochs_detail = \
	        IN_3_0(RULE_TEXT("stricter on models with 57-bit linear addresses: an address " \
	                         "that is canonical with 48 bits is required, since the host " \
	                         "runs with CR4.LA57 = 0"))

/* conditions.c: find the conditions, once the fields are read. */
void conditions_find(struct rule_state *state);

/* Sections of the SDM; the titles outlive the numbers. */
#define SECTION_CONTROL_REGISTERS \
	"27.3.1.1 Checks on Guest Control Registers, Debug Registers, and MSRs"
#define SECTION_SEGMENT_REGISTERS  "27.3.1.2 Checks on Guest Segment Registers"
#define SECTION_DESCRIPTOR_TABLES  "27.3.1.3 Checks on Guest Descriptor-Table Registers"
#define SECTION_RIP_RFLAGS_SSP     "27.3.1.4 Checks on Guest RIP, RFLAGS, and SSP"
#define SECTION_NON_REGISTER       "27.3.1.5 Checks on Guest Non-Register State"
#define SECTION_PDPTES             "27.3.1.6 Checks on Guest Page-Directory-Pointer-Table Entries"
#define SECTION_LOADING_MSRS       "27.4 Loading MSRs"
#define SECTION_EXECUTION_CONTROLS "27.2.1.1 VM-Execution Control Fields"
#define SECTION_EXIT_CONTROLS      "27.2.1.2 VM-Exit Control Fields"
#define SECTION_ENTRY_CONTROLS     "27.2.1.3 VM-Entry Control Fields"

/* The groups; rules.c lists them. */
extern const struct rule_group control_register_rules;
extern const struct rule_group msr_rules;
extern const struct rule_group newer_msr_rules;
extern const struct rule_group segment_rules;
extern const struct rule_group segment_v86_rules;
extern const struct rule_group segment_privilege_rules;
extern const struct rule_group system_segment_rules;
extern const struct rule_group entry_point_rules;
extern const struct rule_group activity_rules;
extern const struct rule_group interruptibility_rules;
extern const struct rule_group pending_debug_rules;
extern const struct rule_group link_pointer_rules;
extern const struct rule_group pdpte_rules;
extern const struct rule_group msr_load_rules;
extern const struct rule_group control_setting_rules;
extern const struct rule_group execution_control_rules;
extern const struct rule_group apic_control_rules;
extern const struct rule_group exit_control_rules;
extern const struct rule_group entry_control_rules;
extern const struct rule_group injection_rules;
