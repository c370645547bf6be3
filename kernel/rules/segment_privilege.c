/*
 * The rules on privilege levels in segment registers: SDM 3C 27.3.1.2, "Checks on Guest Segment
 * Registers".  The DPL of SS is the guest's CPL.
 */
#include <r33/array.h>

#include "rules/state.h"

static uint64_t
selector_rpl(const struct rule_state *state, unsigned segment)
{
	return segment_selector(state, segment) & SELECTOR_RPL;
}

/* Of a rule that compares the DPL: its bits, when they are wrong. */
static uint64_t
wrong_dpl(bool wrong)
{
	return wrong ? RIGHTS_DPL : 0;
}

static uint64_t
ss_rpl(struct rule_state *state, unsigned index)
{
	(void)index;
	return selector_rpl(state, SS) == selector_rpl(state, CS) ? 0 : SELECTOR_RPL;
}

/* index: the register whose DPL must be 0. */
static uint64_t
dpl_not_0(struct rule_state *state, unsigned index)
{
	return wrong_dpl(segment_dpl(state, index) != 0);
}

static uint64_t
cs_dpl_nonconforming(struct rule_state *state, unsigned index)
{
	(void)index;
	return wrong_dpl(segment_dpl(state, CS) != segment_dpl(state, SS));
}

static uint64_t
cs_dpl_conforming(struct rule_state *state, unsigned index)
{
	(void)index;
	return wrong_dpl(segment_dpl(state, CS) > segment_dpl(state, SS));
}

/* Bochs compares with the RPL of CS where the SDM says the DPL of SS. */
static bool
bochs_nonconforming(struct rule_state *state, unsigned index)
{
	(void)index;
	return segment_dpl(state, CS) == selector_rpl(state, CS);
}

static bool
bochs_conforming(struct rule_state *state, unsigned index)
{
	(void)index;
	return segment_dpl(state, CS) <= selector_rpl(state, CS);
}

static uint64_t
ss_dpl_rpl(struct rule_state *state, unsigned index)
{
	(void)index;
	return wrong_dpl(segment_dpl(state, SS) != selector_rpl(state, SS));
}

/* Data and non-conforming code: types 0 to 11. */
static uint64_t
data_dpl_rpl(struct rule_state *state, unsigned index)
{
	return wrong_dpl(segment_type(state, index) <= 11 &&
	                 segment_dpl(state, index) < selector_rpl(state, index));
}

static bool
bochs_data_dpl_rpl(struct rule_state *state, unsigned index)
{
	return segment_type(state, index) == 11;
}

static uint64_t
fred_ss_dpl(struct rule_state *state, unsigned index)
{
	unsigned dpl = segment_dpl(state, SS);

	(void)index;
	return wrong_dpl(dpl == 1 || dpl == 2);
}

static uint64_t
fred_cs_l(struct rule_state *state, unsigned index)
{
	(void)index;
	return RIGHTS_L & ~segment_access_rights(state, CS);
}

#define DATA_DPL_RPL(register_) \
	{ .id = "SEG-" #register_ "-DPL-RPL", \
		.section = SECTION_SEGMENT_REGISTERS, \
		.when = ON(register_##_USABLE), \
		.unless = ON(VIRTUAL_8086) | ON(UNRESTRICTED_GUEST), \
		.field = F_GUEST_##register_##_ACCESS_RIGHTS, \
		.also = { F_GUEST_##register_##_SELECTOR }, \
		.index = register_, \
		.bochs = IN_2_7(BOCHS_DIFFERS), \
		.bochs_lets_pass = bochs_data_dpl_rpl, \
		.offending = data_dpl_rpl, \
		.message = "the DPL is below the RPL of the selector", \
		.legal = "DPL >= RPL, or a conforming code segment (type 12 to 15)", \
		.explanation = RULE_TEXT( \
		        "MOV to a data segment register raises #GP when the segment's DPL is " \
		        "below the selector's RPL: more privileged data than the selector asks " \
		        "for. Conforming code may be read from every level. With unrestricted " \
		        "guest the rule is dropped, because real mode knows no levels."), \
		.symptom = RULE_TEXT("A user-mode selector (RPL 3) together with the access " \
		                     "rights of kernel data (93h): one of the two was not " \
		                     "switched."), \
		.hint = "access rights of user data are F3h, and the selector ends in 3", \
		.bochs_detail = IN_2_7(RULE_TEXT("not checked for type 11 (readable, accessed, " \
		                                 "non-conforming code)")) }

static const struct rule rules[] = {
	{
	        .id = "SEL-SS-RPL",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .unless = ON(VIRTUAL_8086) | ON(UNRESTRICTED_GUEST),
	        .field = F_GUEST_SS_SELECTOR,
	        .also = { F_GUEST_CS_SELECTOR },
	        .offending = ss_rpl,
	        .message = "the RPL of SS differs from the RPL of CS",
	        .legal = "the same bits 1:0 in the selectors of SS and CS",
	        .explanation = RULE_TEXT(
	                "Both are the current privilege level: the processor keeps them in step "
	                "with every change of privilege. It is checked even while SS is "
	                "unusable, for a null selector has an RPL too."),
	        .symptom = RULE_TEXT("The hypervisor left the guest between two privilege levels: "
	                             "CS was switched and SS was not."),
	        .hint = "a null SS selector at CPL 3 is 3, not 0",
	},
	{
	        .id = "SEG-CS-DPL-TYPE3",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(CS_IS_DATA),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .index = CS,
	        .offending = dpl_not_0,
	        .message = "CS has type 3 and its DPL is not 0",
	        .legal = "DPL 0 where CS has type 3",
	        .explanation = RULE_TEXT(
	                "Type 3 in CS is real mode's, possible with unrestricted guest only. Real "
	                "mode has no privilege levels; it runs as level 0."),
	        .symptom = RULE_TEXT("The access rights of virtual-8086 mode (F3h) were used for "
	                             "real mode, where 93h is right."),
	        .hint = "real mode needs 93h in all six registers",
	},
	{
	        .id = "SEG-CS-DPL-NONCONF",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(CS_NONCONFORMING),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .also = { F_GUEST_SS_ACCESS_RIGHTS },
	        .bochs = IN_2_7(BOCHS_DIFFERS),
	        .bochs_lets_pass = bochs_nonconforming,
	        .offending = cs_dpl_nonconforming,
	        .message = "the DPL of non-conforming CS differs from the DPL of SS",
	        .legal = "the DPL of SS, which is the CPL",
	        .explanation = RULE_TEXT(
	                "Non-conforming code runs at exactly its own level, and the level is what "
	                "SS says: VM entry takes the CPL from the DPL of SS."),
	        .symptom = RULE_TEXT("CS was set up for user mode (FBh) and SS for the kernel "
	                             "(93h), or the other way round."),
	        .hint = "change the DPL of CS and SS together, and their RPL with them",
	        .bochs_detail =
	                IN_2_7(RULE_TEXT("compares with the RPL of CS instead: with unrestricted "
	                                 "guest it lets illegal states pass and refuses legal "
	                                 "ones")),
	},
	{
	        .id = "SEG-CS-DPL-CONF",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(CS_CONFORMING),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .also = { F_GUEST_SS_ACCESS_RIGHTS },
	        .bochs = IN_2_7(BOCHS_DIFFERS),
	        .bochs_lets_pass = bochs_conforming,
	        .offending = cs_dpl_conforming,
	        .message = "the DPL of conforming CS is above the DPL of SS",
	        .legal = "at most the DPL of SS, which is the CPL",
	        .explanation = RULE_TEXT(
	                "Conforming code can be called from less privileged levels and then runs "
	                "at the caller's: the CPL may be numerically above the DPL, never below."),
	        .symptom = RULE_TEXT("Conforming code of level 3 in a guest at level 0."),
	        .hint = "code that both levels use has DPL 0",
	        .bochs_detail =
	                IN_2_7(RULE_TEXT("compares with the RPL of CS instead: with unrestricted "
	                                 "guest it lets illegal states pass and refuses legal "
	                                 "ones")),
	},
	{
	        .id = "SEG-SS-DPL-RPL",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .unless = ON(VIRTUAL_8086) | ON(UNRESTRICTED_GUEST),
	        .field = F_GUEST_SS_ACCESS_RIGHTS,
	        .also = { F_GUEST_SS_SELECTOR },
	        .offending = ss_dpl_rpl,
	        .message = "the DPL of SS differs from the RPL of its selector",
	        .legal = "DPL = RPL, also while SS is unusable",
	        .explanation = RULE_TEXT(
	                "Loading SS demands CPL = RPL = DPL. The DPL stays the CPL when SS becomes "
	                "unusable in 64-bit mode, so the field must say it even then."),
	        .symptom = RULE_TEXT("A 64-bit guest in user mode whose SS was made unusable with "
	                             "access rights 10000h: the DPL is lost."),
	        .hint = "keep the DPL bits when setting the unusable bit: 10060h at CPL 3",
	},
	{
	        .id = "SEG-SS-DPL-CSTYPE3",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(CS_IS_DATA),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_SS_ACCESS_RIGHTS,
	        .also = { F_GUEST_CS_ACCESS_RIGHTS },
	        .index = SS,
	        .offending = dpl_not_0,
	        .message = "CS has type 3 and the DPL of SS is not 0",
	        .legal = "DPL 0 in SS where CS has type 3",
	        .explanation = RULE_TEXT(
	                "Type 3 in CS is real mode's, and real mode runs at level 0. The DPL of SS "
	                "is the level."),
	        .symptom = RULE_TEXT("SS kept the access rights of user or virtual-8086 mode (F3h) "
	                             "while CS is real mode's."),
	        .hint = "real mode needs 93h in all six registers",
	},
	{
	        .id = "SEG-SS-DPL-PE0",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .unless = ON(VIRTUAL_8086) | ON(PROTECTED_MODE),
	        .field = F_GUEST_SS_ACCESS_RIGHTS,
	        .also = { F_GUEST_CR0 },
	        .index = SS,
	        .offending = dpl_not_0,
	        .message = "the guest starts in real mode and the DPL of SS is not 0",
	        .legal = "DPL 0 in SS where CR0.PE = 0",
	        .explanation = RULE_TEXT("Privilege levels belong to protected mode. A guest that "
	                                 "starts with PE = 0 has level 0, and SS must say so."),
	        .symptom = RULE_TEXT("Only with unrestricted guest, in a guest that left protected "
	                             "mode at another level than 0 or was built from user-mode "
	                             "state."),
	        .hint = "real mode needs 93h in all six registers",
	},
	DATA_DPL_RPL(DS),
	DATA_DPL_RPL(ES),
	DATA_DPL_RPL(FS),
	DATA_DPL_RPL(GS),
	{
	        .id = "FRED-SS-DPL",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(FRED),
	        .field = F_GUEST_SS_ACCESS_RIGHTS,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = fred_ss_dpl,
	        .message = "CR4.FRED is 1 and the DPL of SS is 1 or 2",
	        .legal = "DPL 0 or 3 in SS where CR4.FRED = 1",
	        .explanation = RULE_TEXT(
	                "Flexible return and event delivery knows two levels, user and supervisor. "
	                "Levels 1 and 2 do not exist while it is on."),
	        .symptom = RULE_TEXT("Seen only on processors with FRED."),
	        .hint = "guests at level 1 or 2 cannot use FRED",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
	{
	        .id = "FRED-CPL0-CSL",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .when = ON(FRED) | ON(SS_DPL_0),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .also = { F_GUEST_SS_ACCESS_RIGHTS },
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = fred_cs_l,
	        .message = "CR4.FRED is 1 at CPL 0 and CS is not a 64-bit code segment",
	        .legal = "L = 1 in CS where CR4.FRED = 1 and the DPL of SS is 0",
	        .explanation = RULE_TEXT(
	                "With FRED supervisor code is 64-bit code: there is no compatibility mode "
	                "at CPL 0."),
	        .symptom = RULE_TEXT("Seen only on processors with FRED."),
	        .hint = "the access rights of 64-bit kernel code are A09Bh",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
};

const struct rule_group segment_privilege_rules = { rules, COUNT(rules) };
