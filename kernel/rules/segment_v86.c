/*
 * The rules on CS, SS, DS, ES, FS and GS of a guest in virtual-8086 mode: SDM 3C 27.3.1.2, "Checks
 * on Guest Segment Registers".
 */
#include <r33/array.h>

#include "rules/state.h"

#define V86_LIMIT         0xffffull
#define V86_ACCESS_RIGHTS 0xf3ull

static uint64_t
v86_base(struct rule_state *state, unsigned index)
{
	return segment_base(state, index) ^ segment_selector(state, index) << 4;
}

static uint64_t
v86_limit(struct rule_state *state, unsigned index)
{
	return segment_limit(state, index) ^ V86_LIMIT;
}

static uint64_t
v86_access_rights(struct rule_state *state, unsigned index)
{
	return segment_access_rights(state, index) ^ V86_ACCESS_RIGHTS;
}

#define V86_RULE(register_, suffix) \
	.id = "V86-" #register_ "-" suffix, .section = SECTION_SEGMENT_REGISTERS, \
	.when = ON(VIRTUAL_8086), .index = register_

#define V86_BASE(register_) \
	{ V86_RULE(register_, "BASE"), .field = F_GUEST_##register_##_BASE, \
		.also = { F_GUEST_##register_##_SELECTOR }, .offending = v86_base, \
		.message = "the base is not the selector times 16", \
		.legal = "base = selector << 4, with all 16 bits of the selector", \
		.explanation = RULE_TEXT( \
		        "In virtual-8086 mode there are no descriptors: the base follows from " \
		        "the selector, as on the 8086. VM entry loads both and checks that they " \
		        "agree; it does not compute one from the other."), \
		.symptom = RULE_TEXT( \
		        "The base of protected mode was kept, or the selector's index " \
		        "(without its low three bits) was shifted instead of the whole."), \
		.hint = "shift the whole selector left by 4" }

#define V86_LIMIT_RULE(register_) \
	{ V86_RULE(register_, "LIMIT"), .field = F_GUEST_##register_##_LIMIT, \
		.offending = v86_limit, .message = "the limit is not FFFFh", .legal = "FFFFh", \
		.explanation = \
		        RULE_TEXT("An 8086 segment has 64 KiB. Nothing in virtual-8086 mode can " \
		                  "change the limit, so there is only this one value."), \
		.symptom = RULE_TEXT("The flat limit of protected mode was kept."), \
		.hint = "write FFFFh when RFLAGS.VM is set" }

#define V86_ACCESS_RIGHTS_RULE(register_) \
	{ V86_RULE(register_, "AR"), .field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.offending = v86_access_rights, .message = "the access rights are not F3h", \
		.legal = "F3h: type 3, S = 1, DPL 3, P = 1 and nothing else, for CS too", \
		.explanation = \
		        RULE_TEXT("Virtual-8086 mode runs at CPL 3 and treats every segment as " \
		                  "writable data of that level. The whole field has one legal " \
		                  "value; neither a code type for CS nor the unusable bit is " \
		                  "allowed."), \
		.symptom = RULE_TEXT("Real-mode access rights (93h) were used, whose DPL is 0."), \
		.hint = "write F3h for all six registers when RFLAGS.VM is set" }

#define V86(register_) \
	V86_BASE(register_), V86_LIMIT_RULE(register_), V86_ACCESS_RIGHTS_RULE(register_)

static const struct rule rules[] = { V86(CS), V86(SS), V86(DS), V86(ES), V86(FS), V86(GS) };

const struct rule_group segment_v86_rules = { rules, COUNT(rules) };
