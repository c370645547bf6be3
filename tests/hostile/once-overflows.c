/*
 * Clears its data and its whole stack in one case, up to the end and beyond.  The cases after it must not notice.
 *
 * loses: enter-compatibility
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	if (guest->mode == GUEST_COMPATIBILITY)
		for (volatile uint64_t *p = (uint64_t *)0x7fef0000;; p++)
			*p = 0;
	return solve(guest);
}
