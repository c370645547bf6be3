/*
 * Lab 9 links the guest's VMCS to the kernel's memory.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: wrong-state
 */
enum decision
run_guest(const struct guest *guest)
{
	static struct register_context context;

	if (fill_parts(guest) != ENTER)
		return solve(guest);
	vmwrite(VMCS_LINK_POINTER, 0x100000);
	vmenter(&context, false);
	return ENTER;
}
