/*
 * Depends on when it is compiled.
 *
 * outcome: does-not-compile
 */
enum decision
set_control_registers(const struct guest *guest)
{
	if (__TIME__[7] & 1)
		return REFUSE;
	return solve(guest);
}
