/*
 * Faults in one case.  The cases after it must not notice.
 *
 * loses: enter-compatibility
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	if (guest->mode == GUEST_COMPATIBILITY)
		*(volatile uint64_t *)0x1000000 = 0;
	return solve(guest);
}
