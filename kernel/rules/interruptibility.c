/*
 * The rules on the interruptibility state, alone and against injected events: SDM 3C 27.3.1.5,
 * "Checks on Guest Non-Register State".
 */
#include <r33/array.h>
#include <r33/non_register.h>
#include <r33/rflags.h>

#include "rules/state.h"

/* Bits of the interruptibility state. */
#define DEFINED 0x1full

/* index: a bit of the interruptibility state that must be 0 here. */
static uint64_t
must_be_zero(struct rule_state *state, unsigned index)
{
	return FIELD(state, GUEST_INTERRUPTIBILITY_STATE) & 1ull << (index & 63);
}

static uint64_t
reserved_bits(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_INTERRUPTIBILITY_STATE) & ~DEFINED;
}

static uint64_t
sti_and_mov_ss(struct rule_state *state, unsigned index)
{
	uint64_t both = BLOCKING_BY_STI | BLOCKING_BY_MOV_SS;

	(void)index;
	return (FIELD(state, GUEST_INTERRUPTIBILITY_STATE) & both) == both ? both : 0;
}

static uint64_t
sti_needs_if(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_RFLAGS) & RFLAGS_IF ? 0 : BLOCKING_BY_STI;
}

static uint64_t
smi_must_be_blocked(struct rule_state *state, unsigned index)
{
	(void)index;
	return BLOCKING_BY_SMI & ~FIELD(state, GUEST_INTERRUPTIBILITY_STATE);
}

static uint64_t
enclave_needs_sgx(struct rule_state *state, unsigned index)
{
	(void)index;
	return state->capabilities->sgx ? 0 : ENCLAVE_INTERRUPTION;
}

static const struct rule rules[] = {
	{
	        .id = "INT-RSVD",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .offending = reserved_bits,
	        .message = "reserved bits 31:5 are not 0",
	        .legal = "0 in bits 31:5; 0 (STI), 1 (MOV SS), 2 (SMI), 3 (NMI) and 4 (enclave "
	                 "interruption) exist",
	        .explanation = RULE_TEXT(
	                "The field has a bit for each way in which events can be blocked for the "
	                "moment. The others are reserved for new ways, and a processor refuses "
	                "what it would have to ignore."),
	        .symptom = RULE_TEXT("The field holds something else: RFLAGS, the activity state, "
	                             "or memory that was never initialized."),
	        .hint = "0 is right for a guest that starts fresh",
	},
	{
	        .id = "INT-STI-MOVSS",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .offending = sti_and_mov_ss,
	        .message = "blocking by STI and by MOV SS at once",
	        .legal = "at most one of bits 0 and 1",
	        .explanation = RULE_TEXT(
	                "Each kind of blocking lasts for the one instruction after the one that "
	                "caused it, and one instruction cannot be both STI and MOV SS."),
	        .symptom = RULE_TEXT("An emulator sets the bit of the instruction that it has just "
	                             "emulated and keeps the one of the instruction before."),
	        .hint = "replace the blocking of the previous instruction, do not add to it",
	},
	{
	        .id = "INT-STI-IF",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(STI_BLOCKING),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .also = { F_GUEST_RFLAGS },
	        .offending = sti_needs_if,
	        .message = "blocking by STI while RFLAGS.IF is 0",
	        .legal = "bit 0 only where RFLAGS.IF is 1",
	        .explanation = RULE_TEXT(
	                "STI blocks interrupts for one more instruction when it sets IF. Right "
	                "after it IF is 1; were it 0 again, a later instruction must have cleared "
	                "it, and the blocking would be over."),
	        .symptom = RULE_TEXT("A hypervisor clears IF for the guest, or restores RFLAGS, "
	                             "and leaves the interruptibility state as it was."),
	        .hint = "code that clears IF has to clear bit 0 here as well",
	},
	{
	        .id = "INT-EXTINT-STI",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(EXTERNAL_INTERRUPT_INJECTED),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 0,
	        .offending = must_be_zero,
	        .message = "an external interrupt is injected while STI blocks interrupts",
	        .legal = "bit 0 is 0 where an external interrupt is injected",
	        .explanation = RULE_TEXT(
	                "VM entry delivers the event before the guest's next instruction, which is "
	                "just what blocking by STI forbids: the instruction after STI comes "
	                "first."),
	        .symptom = RULE_TEXT("Fails occasionally, when an interrupt becomes due right "
	                             "after a guest's STI."),
	        .hint = "use interrupt-window exiting: it shows when the guest can take interrupts",
	},
	{
	        .id = "INT-EXTINT-MOVSS",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(EXTERNAL_INTERRUPT_INJECTED),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 1,
	        .offending = must_be_zero,
	        .message = "an external interrupt is injected while MOV SS blocks events",
	        .legal = "bit 1 is 0 where an external interrupt is injected",
	        .explanation = RULE_TEXT(
	                "After MOV SS comes the instruction that loads the stack pointer. An "
	                "interrupt between the two would be delivered on half a stack."),
	        .symptom = RULE_TEXT("Fails occasionally, when an interrupt becomes due right "
	                             "after a guest's MOV SS or POP SS."),
	        .hint = "use interrupt-window exiting: it shows when the guest can take interrupts",
	},
	{
	        .id = "INT-NMI-MOVSS",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(NMI_INJECTED),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 1,
	        .offending = must_be_zero,
	        .message = "an NMI is injected while MOV SS blocks events",
	        .legal = "bit 1 is 0 where an NMI is injected",
	        .explanation = RULE_TEXT(
	                "Blocking by MOV SS holds back NMIs as well: they too need a whole "
	                "stack."),
	        .symptom = RULE_TEXT("A guest under an NMI profiler or watchdog fails rarely, and "
	                             "always after MOV SS or POP SS."),
	        .hint = "wait for the NMI window, or for one more instruction of the guest",
	},
	{
	        .id = "INT-NMI-STI",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(NMI_INJECTED),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 0,
	        .qualification = 3,
	        .bochs = IN_ALL(BOCHS_DIFFERS),
	        .offending = must_be_zero,
	        .message = "an NMI is injected while STI blocks interrupts",
	        .legal = "bit 0 is 0 where an NMI is injected; some processors do not insist",
	        .explanation = RULE_TEXT(
	                "Whether blocking by STI holds back NMIs is up to the processor, and so is "
	                "this check. The exit qualification 3 exists for it alone, so that a "
	                "hypervisor can clear the bit and try again."),
	        .symptom = RULE_TEXT("Exit reason 33 with exit qualification 3 on one machine, and "
	                             "no failure on another."),
	        .hint = "clear bit 0 before injecting an NMI: that is right on every processor",
	        .bochs_detail = IN_ALL(RULE_TEXT("the exit qualification is 0 instead of 3")),
	},
	{
	        .id = "INT-SMI-NOSMM",
	        .section = SECTION_NON_REGISTER,
	        .unless = ON(IN_SMM),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 2,
	        .offending = must_be_zero,
	        .message = "blocking by SMI outside system-management mode",
	        .legal = "bit 2 is 0 outside SMM",
	        .explanation = RULE_TEXT(
	                "SMIs are blocked in system-management mode and nowhere else, and a "
	                "monitor outside SMM cannot bring its guest there."),
	        .symptom = RULE_TEXT("The bit was written by hand: the processor stores it only on "
	                             "VM exits to an SMM-transfer monitor."),
	        .hint = "a guest's SMM is emulated by the hypervisor and does not show in this bit",
	},
	{
	        .id = "INT-SMI-SMMENTRY",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(ENTRY_TO_SMM),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = smi_must_be_blocked,
	        .message = "the guest is to be entered in SMM and SMIs are not blocked",
	        .legal = "bit 2 is 1 where the VM-entry control \"entry to SMM\" is 1",
	        .explanation = RULE_TEXT(
	                "In system-management mode SMIs are blocked until RSM. A guest that is "
	                "entered in that mode has to be in that state."),
	        .symptom =
	                RULE_TEXT("Only SMM-transfer monitors encounter it; elsewhere the control "
	                          "\"entry to SMM\" is refused before guest state is looked at."),
	        .hint = "\"entry to SMM\" is for SMM-transfer monitors and 0 everywhere else",
	        .bochs_detail = IN_ALL(RULE_TEXT(
	                "CTL-ENTRY-SMM, which is broken too, is not checked; this check is made")),
	},
	{
	        .id = "INT-NMI-VNMI",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(VIRTUAL_NMIS) | ON(NMI_INJECTED),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 3,
	        .bochs = IN_ALL(BOCHS_LETS_PASS),
	        .offending = must_be_zero,
	        .message = "an NMI is injected while virtual NMIs are blocked",
	        .legal = "bit 3 is 0 where an NMI is injected and the control \"virtual NMIs\" is "
	                 "1",
	        .explanation = RULE_TEXT(
	                "With virtual NMIs bit 3 says that the guest is still in its NMI handler, "
	                "up to IRET. A second NMI must wait for that. Without virtual NMIs the bit "
	                "is about the processor's own NMIs and does not stop an injection."),
	        .symptom = RULE_TEXT("The second of two NMIs in quick succession fails."),
	        .hint = "use NMI-window exiting: it shows when the guest has executed IRET",
	        .bochs_detail = IN_ALL(RULE_TEXT("the check is not made")),
	},
	{
	        .id = "INT-ENCLAVE-MOVSS",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(INTERRUPTED_ENCLAVE),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 1,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = must_be_zero,
	        .message = "enclave interruption together with blocking by MOV SS",
	        .legal = "bit 1 is 0 where bit 4 is 1",
	        .explanation = RULE_TEXT(
	                "Bit 4 says that an event interrupted an enclave. Leaving an enclave ends "
	                "the blocking of MOV SS, so the two never go together."),
	        .symptom = RULE_TEXT("The field was put together by hand from the states of two "
	                             "VM exits."),
	        .hint = "keep the interruptibility state as the VM exit stored it",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has SGX: bit 4 is always refused")),
	},
	{
	        .id = "INT-ENCLAVE-SGX",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(INTERRUPTED_ENCLAVE),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .needs = ON(NEEDS_EXTENSIONS),
	        .offending = enclave_needs_sgx,
	        .message = "enclave interruption on a processor without SGX",
	        .legal = "bit 4 is 0 unless CPUID reports SGX (leaf 7, EBX bit 2)",
	        .explanation = RULE_TEXT("Bit 4 says that an event interrupted an enclave. Without "
	                                 "SGX there are no enclaves, and the bit is reserved."),
	        .symptom = RULE_TEXT("A guest was moved from a machine with SGX to one where it is "
	                             "missing or switched off by the firmware."),
	        .hint = "CPUID leaf 7, EBX bit 2 says whether there is SGX",
	},
	{
	        .id = "INT-STI-FRED",
	        .section = SECTION_NON_REGISTER,
	        .when = ON(FRED) | ON(SS_DPL_3),
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .index = 0,
	        .bochs = IN_ALL(BOCHS_CANNOT),
	        .offending = must_be_zero,
	        .message = "blocking by STI in user mode of a guest that uses FRED",
	        .legal = "bit 0 is 0 where CR4.FRED is 1 and the DPL of SS is 3",
	        .explanation = RULE_TEXT(
	                "With FRED, user code cannot execute STI, and a return to user mode ends "
	                "the blocking; so it exists at privilege level 0 only."),
	        .symptom = RULE_TEXT("A hypervisor kept the bit from before the guest returned to "
	                             "user mode."),
	        .hint = "clear bit 0 when the guest's privilege level becomes 3",
	        .bochs_detail = IN_ALL(RULE_TEXT("no model has FRED")),
	},
};

const struct rule_group interruptibility_rules = { rules, COUNT(rules) };
