/*
 * Answers garbage in one case.  The cases after it must not notice.
 *
 * loses: enter-compatibility
 * outcome: lab-garbage
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	if (guest->mode == GUEST_COMPATIBILITY)
		return (enum decision)33;
	return solve(guest);
}
