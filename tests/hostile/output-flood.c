/*
 * Prints megabytes, as fast as it can, until its time is over.
 *
 * outcome: lab-timeout
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const char line[250] = { [0 ... 248] = 'x' };

	for (;;)
		lab_printf("%s%lx\n", line, guest->cr0);
}
