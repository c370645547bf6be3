/*
 * The rules on pending debug exceptions: SDM 3C 27.3.1.5, "Checks on Guest Non-Register State".
 */
#include <r33/array.h>
#include <r33/non_register.h>

#include "rules/state.h"

#define RESERVED_LOW 0xaff0ull /* 11:4, 13, 15 */
#define MIDDLE       0xfffe0000ull

static uint64_t
reserved_low(struct rule_state *state, unsigned index)
{
	uint64_t bus_lock = state->capabilities->bus_lock_detection ? PENDING_BLD : 0;

	(void)index;
	return FIELD(state, GUEST_PENDING_DEBUG_EXCEPTIONS) & RESERVED_LOW & ~bus_lock;
}

static uint64_t
reserved_middle(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_PENDING_DEBUG_EXCEPTIONS) & MIDDLE;
}

static uint64_t
bs_must_be_one(struct rule_state *state, unsigned index)
{
	(void)index;
	return PENDING_BS & ~FIELD(state, GUEST_PENDING_DEBUG_EXCEPTIONS);
}

static uint64_t
bs_must_be_zero(struct rule_state *state, unsigned index)
{
	(void)index;
	return PENDING_BS & FIELD(state, GUEST_PENDING_DEBUG_EXCEPTIONS);
}

static uint64_t
rtm_and_others(struct rule_state *state, unsigned index)
{
	(void)index;
	return (FIELD(state, GUEST_PENDING_DEBUG_EXCEPTIONS) ^ PENDING_ENABLED_BREAKPOINT) &
	       ~PENDING_RTM;
}

static uint64_t
rtm_needs_processor(struct rule_state *state, unsigned index)
{
	(void)index;
	return state->capabilities->rtm ? 0 : PENDING_RTM;
}

static uint64_t
rtm_and_mov_ss(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_INTERRUPTIBILITY_STATE) & BLOCKING_BY_MOV_SS ? PENDING_RTM : 0;
}

#define NOT_CHECKED RULE_TEXT("BS is not compared with RFLAGS.TF and IA32_DEBUGCTL.BTF")

/* The same two rules in three situations: condition, and words for it. */
#define BS_SET_RULE(name, condition, situation) \
	{ .id = "PDBG-BS-SET-" #name, \
		.section = SECTION_NON_REGISTER, \
		.when = ON(condition) | ON(SINGLE_STEPPING), \
		.field = F_GUEST_PENDING_DEBUG_EXCEPTIONS, \
		.bochs = IN_ALL(BOCHS_LETS_PASS), \
		.offending = bs_must_be_one, \
		.message = "the guest single-steps, " situation ", and BS (bit 14) is 0", \
		.legal = "BS = 1 where RFLAGS.TF is 1 and IA32_DEBUGCTL.BTF is 0", \
		.explanation = RULE_TEXT( \
		        "With TF = 1 each instruction ends in a debug trap. Where " situation \
		        " the trap of the instruction just finished cannot have been taken yet: " \
		        "it is still pending, and BS has to say so. (BTF turns single steps into " \
		        "branch steps.)"), \
		.symptom = RULE_TEXT("A debugger in the guest steps, and the hypervisor has " \
		                     "emulated the instruction without making the trap pending."), \
		.hint = "code that emulates an instruction of a guest with TF = 1 has to set BS", \
		.bochs_detail = IN_ALL(NOT_CHECKED) }
#define BS_CLEAR_RULE(name, condition, situation) \
	{ .id = "PDBG-BS-CLR-" #name, \
		.section = SECTION_NON_REGISTER, \
		.when = ON(condition), \
		.unless = ON(SINGLE_STEPPING), \
		.field = F_GUEST_PENDING_DEBUG_EXCEPTIONS, \
		.bochs = IN_ALL(BOCHS_LETS_PASS), \
		.offending = bs_must_be_zero, \
		.message = "the guest does not single-step, " situation ", and BS (bit 14) is 1", \
		.legal = "BS = 0 where RFLAGS.TF is 0 or IA32_DEBUGCTL.BTF is 1", \
		.explanation = RULE_TEXT( \
		        "BS is a pending single-step trap. Where " situation " the instruction " \
		        "just finished has changed neither TF nor BTF, and without TF, or with " \
		        "BTF, it has raised no such trap."), \
		.symptom = RULE_TEXT("A debugger has just switched TF off in the guest's RFLAGS, " \
		                     "and the pending trap was kept."), \
		.hint = "clear BS together with RFLAGS.TF", \
		.bochs_detail = IN_ALL(NOT_CHECKED) }
#define AFTER_STI    "STI blocks interrupts"
#define AFTER_MOV_SS "MOV SS blocks events"
#define HALTED       "the activity state is HLT"

static const struct rule rules[] = {
	{
	        .id = "PDBG-RSVD-LOW",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .needs = ON(NEEDS_EXTENSIONS),
	        .offending = reserved_low,
	        .message = "reserved bits among 15:0 are 1",
	        .legal = "0 in bits 10:4, 13 and 15, and in bit 11 without bus-lock detection",
	        .explanation = RULE_TEXT(
	                "The field is like DR6 without the bits that are 1 there: B3 to B0 tell "
	                "which breakpoints were met, 12 that one was enabled, 14 (BS) that a step "
	                "was finished. Bit 11 came with bus-lock detection."),
	        .symptom = RULE_TEXT("The guest's DR6 was copied into the field: its bits 11:4 "
	                             "are 1 after reset."),
	        .hint = "DR6 reads FFFF0FF0h when nothing happened; this field is 0 then",
	},
	{
	        .id = "PDBG-RSVD-31-17",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .offending = reserved_middle,
	        .message = "reserved bits 31:17 are not 0",
	        .legal = "0 in bits 31:17",
	        .explanation = RULE_TEXT(
	                "No debug exception has a bit there. In DR6 these bits read as 1, which is "
	                "a habit of that register only."),
	        .symptom = RULE_TEXT("The guest's DR6 was copied into the field."),
	        .hint = "DR6 reads FFFF0FF0h when nothing happened; this field is 0 then",
	},
	{
	        .id = "PDBG-RSVD-63-32",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .index = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .offending = field_upper_half,
	        .message = "bits 63:32 are not 0",
	        .legal = "0 in bits 63:32",
	        .explanation = RULE_TEXT("The field has natural width, and its upper half is "
	                                 "reserved like that of DR6 and DR7."),
	        .symptom = RULE_TEXT("A 32-bit value was sign-extended on its way here, or the "
	                             "field was never written."),
	        .hint = "look for a signed 32-bit variable between DR6 and this field",
	        .bochs_detail = IN_ALL(RULE_TEXT("the field is cut to 32 bits before the check")),
	},
	BS_SET_RULE(STI, STI_BLOCKING, AFTER_STI),
	BS_SET_RULE(MOVSS, MOV_SS_BLOCKING, AFTER_MOV_SS),
	BS_SET_RULE(HLT, HLT_STATE, HALTED),
	BS_CLEAR_RULE(STI, STI_BLOCKING, AFTER_STI),
	BS_CLEAR_RULE(MOVSS, MOV_SS_BLOCKING, AFTER_MOV_SS),
	BS_CLEAR_RULE(HLT, HLT_STATE, HALTED),
	{
	        .id = "PDBG-RTM-OTHER",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(RTM_DEBUG),
	        .field = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = rtm_and_others,
	        .message = "RTM (bit 16) is not together with bit 12 alone",
	        .legal = "where bit 16 is 1: bit 12 is 1, and bits 11:0, 15:13 and 63:17 are 0",
	        .explanation = RULE_TEXT(
	                "Bit 16 says that a debug event aborted a transactional region. All that "
	                "the processor reports then is that an enabled breakpoint was met "
	                "(bit 12), not which one."),
	        .symptom = RULE_TEXT("The bit was written by hand, or read from DR6, where its "
	                             "meaning is inverted: 1 is the normal value there."),
	        .hint = "in DR6 bit 16 is 0 for RTM, here it is 1",
	        .bochs_detail = IN_ALL(RULE_TEXT("bit 16 is always refused")),
	},
	{
	        .id = "PDBG-RTM-CPU",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(RTM_DEBUG),
	        .field = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .needs = ON(NEEDS_EXTENSIONS),
	        .offending = rtm_needs_processor,
	        .message = "RTM (bit 16) on a processor without RTM",
	        .legal = "bit 16 is 0 unless CPUID reports RTM (leaf 7, EBX bit 11)",
	        .explanation = RULE_TEXT(
	                "The bit is about restricted transactional memory. Where the processor has "
	                "none, or microcode has switched it off, it is reserved."),
	        .symptom = RULE_TEXT("The guest's DR6, whose bit 16 is normally 1, was copied into "
	                             "the field."),
	        .hint = "in DR6 bit 16 is 0 for RTM, here it is 1",
	},
	{
	        .id = "PDBG-RTM-MOVSS",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(RTM_DEBUG),
	        .field = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .also = { F_GUEST_INTERRUPTIBILITY_STATE },
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = rtm_and_mov_ss,
	        .message = "RTM (bit 16) together with blocking by MOV SS",
	        .legal = "bit 16 is 0 while there is blocking by MOV SS",
	        .explanation = RULE_TEXT(
	                "After an abort the processor is back at XBEGIN's fallback address, and no "
	                "MOV SS comes directly before that."),
	        .symptom = RULE_TEXT("The field was put together by hand from the states of two "
	                             "VM exits."),
	        .hint = "keep both fields as the same VM exit stored them",
	        .bochs_detail = IN_ALL(RULE_TEXT("bit 16 is always refused")),
	},
};

const struct rule_group pending_debug_rules = { rules, COUNT(rules) };
