/*
 * A halted guest gets an NMI while events are blocked by its last instruction.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: guest-failed
 * loses: begin-in-long-mode
 * outcome[core2_penryn_t9600]: guest-failed twin-failed
 * loses[core2_penryn_t9600]: begin-in-long-mode real-mode protected-mode paging long-mode there-and-back hidden-ne no-vmxe reserved-efer lme-with-paging fault-in-real-mode
 * models: core2_penryn_t9600
 */
#include <r33/non_register.h>
#include <r33/rflags.h>

enum decision
run_guest(const struct guest *guest)
{
	static struct register_context context;

	if (guest->mode != GUEST_64BIT || fill_parts(guest) != ENTER)
		return solve(guest);
	vmwrite(GUEST_ACTIVITY_STATE, ACTIVITY_HLT);
	vmwrite(GUEST_PENDING_DEBUG_EXCEPTIONS, PENDING_BS);
	vmwrite(GUEST_RFLAGS, vmread(GUEST_RFLAGS) | RFLAGS_TF);
	vmwrite(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | EVENT_NMI | VECTOR_NMI);
	vmenter(&context, false);
	return ENTER;
}
