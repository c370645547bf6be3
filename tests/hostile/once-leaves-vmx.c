/*
 * Leaves VMX operation in one case.  The cases after it must not notice.
 *
 * loses: enter-compatibility
 * outcome: lab-violation
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	if (guest->mode == GUEST_COMPATIBILITY)
		__asm__ volatile("vmxoff" : : : "memory", "cc");
	return solve(guest);
}
