/*
 * Lab 9 injects INT1 with a vector that no exception has.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: guest-failed
 * loses: begin-in-long-mode
 * outcome[core2_penryn_t9600]: vmfail twin-failed
 * loses[core2_penryn_t9600]: begin-in-long-mode real-mode protected-mode paging long-mode there-and-back hidden-ne no-vmxe reserved-efer lme-with-paging fault-in-real-mode
 * models: core2_penryn_t9600
 */
enum decision
run_guest(const struct guest *guest)
{
	static struct register_context context;

	if (guest->mode != GUEST_64BIT || fill_parts(guest) != ENTER)
		return solve(guest);
	vmwrite(VM_ENTRY_INTERRUPTION_INFORMATION,
	        EVENT_VALID | EVENT_PRIVILEGED_SOFTWARE_EXCEPTION | 255);
	vmenter(&context, false);
	return ENTER;
}
