/*
 * Lab 9 gives its guest all of the machine's memory, ports and MSRs, and no exits: the controls are not
 * its own.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: lab-violation
 */
enum decision
run_guest(const struct guest *guest)
{
	vmwrite(EPT_POINTER, 0);
	vmwrite(PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0);
	vmwrite(EXCEPTION_BITMAP, 0);
	vmwrite(MSR_BITMAP_ADDRESS, 0);
	vmwrite(HOST_CR3, 0);
	return solve(guest);
}
