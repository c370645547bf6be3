/*
 * Floods the console in one case.  The cases after it must not notice.
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
			lab_printf("ok 3 - a 32-bit guest\\n");
	return solve(guest);
}
