/*
 * Loops for ever in one case.  The cases after it must not notice.
 *
 * loses: enter-compatibility
 * outcome: lab-timeout
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	if (guest->mode == GUEST_COMPATIBILITY)
		for (;;)
			__asm__ volatile("pause");
	return solve(guest);
}
