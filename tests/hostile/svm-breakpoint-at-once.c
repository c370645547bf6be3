/*
 * A breakpoint at the first instruction, single-stepping, a debug exception that is pending and
 * blocking by MOV SS, all at once.
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
	context.dr[0] = vmread(GUEST_RIP);
	vmwrite(GUEST_DR7, 0x401);
	vmwrite(GUEST_RFLAGS, vmread(GUEST_RFLAGS) | RFLAGS_TF);
	vmwrite(GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_MOV_SS);
	vmwrite(GUEST_PENDING_DEBUG_EXCEPTIONS, PENDING_BS | PENDING_ENABLED_BREAKPOINT | 1);
	vmenter(&context, false);
	return ENTER;
}
