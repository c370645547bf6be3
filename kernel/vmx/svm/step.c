/*
 * Executing one instruction of a guest alone.  That is how blocking by STI and by MOV SS comes to its end: AMD-V has
 * one bit for both, and some versions of TCG do not load it.
 */
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/guest.h>
#include <r33/non_register.h>
#include <r33/rflags.h>

#include "rules/names.h"
#include "vmx/svm/guest.h"

#define DR6_BS      BIT(14)
#define DR6_B0_TO_3 0xfull

/* What of the pending debug exceptions raises #DB: breakpoints only if one is enabled. */
uint64_t
svm_due(uint64_t pending)
{
	return pending &
	       (pending & PENDING_ENABLED_BREAKPOINT ? PENDING_B0_TO_B3 | PENDING_BS : PENDING_BS);
}

/* Execute the next instruction alone, with RFLAGS.TF. */
void
svm_begin_step(struct svm_guest *guest)
{
	struct guest_instruction instruction;

	guest->stepping = true;
	guest->step_wanted = false;
	guest->guest_traps = guest->vmcb->rflags & RFLAGS_TF;
	guest->stepped =
	        svm_fetch(guest, &instruction) ? instruction.kind : GUEST_INSTRUCTION_OTHER;
	guest->vmcb->rflags |= RFLAGS_TF;
}

/* RFLAGS.TF is the guest's again. */
void
svm_end_step(struct svm_guest *guest)
{
	if (!guest->stepping)
		return;
	guest->stepping = false;
	if (!guest->guest_traps)
		guest->vmcb->rflags &= ~RFLAGS_TF;
}

/* What PUSHF has pushed has a TF that is not the guest's. */
static void
hide_pushed_trap_flag(struct svm_guest *guest)
{
	bool wide =
	        svm_is_64bit(guest) || (guest->vmcb->segments[VMCB_SS].attributes & ATTRIBUTE_DB);
	uint64_t stack = guest->registers[4];
	uint64_t linear = svm_segment_linear(guest, SEGMENT_SS, wide ? stack : (uint16_t)stack);
	uint16_t flags;

	if (svm_read_linear(guest, linear, &flags, sizeof(flags))) {
		flags &= (uint16_t)~RFLAGS_TF;
		svm_write_linear(guest, linear, &flags, sizeof(flags));
	}
}

enum svm_verdict
svm_stepped(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;
	uint64_t bits =
	        svm_due(guest->pending_debug) | (vmcb->dr6 & ~guest->dr6_before & DR6_B0_TO_3);
	bool loads_flags = guest->stepped == GUEST_INSTRUCTION_IRET ||
	                   guest->stepped == GUEST_INSTRUCTION_POPF;
	bool trapped = guest->guest_traps;

	guest->stepping = false;
	if (!loads_flags && !trapped)
		vmcb->rflags &= ~RFLAGS_TF;
	if (guest->stepped == GUEST_INSTRUCTION_PUSHF && !trapped)
		hide_pushed_trap_flag(guest);
	if (guest->stepped == GUEST_INSTRUCTION_IRET)
		guest->interruptibility &= ~BLOCKING_BY_NMI;
	guest->interruptibility &= ~BLOCKING_BY_INSTRUCTION;
	vmcb->dr6 = guest->dr6_before;
	guest->pending_debug = 0;
	if (trapped)
		bits |= DR6_BS;
	if (guest->primary & PRIMARY_MONITOR_TRAP_FLAG) {
		guest->pending_debug = bits;
		return svm_exit(guest, EXIT_REASON_MONITOR_TRAP_FLAG);
	}
	return bits ? svm_raise(guest, VECTOR_DB, 0, bits) : SVM_GO_ON;
}

enum svm_verdict
svm_skip(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t bits = guest->vmcb->rflags & RFLAGS_TF ? PENDING_BS : 0;

	guest->vmcb->rip += instruction->length_bytes;
	if (!svm_is_64bit(guest))
		guest->vmcb->rip &= 0xffffffff;
	/* It was executed: what one instruction holds back is over, and it is a step. */
	if (guest->stepping)
		return svm_stepped(guest);
	return bits ? svm_raise(guest, VECTOR_DB, 0, bits) : SVM_GO_ON;
}
