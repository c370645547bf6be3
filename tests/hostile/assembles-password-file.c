/*
 * Has the assembler quote a file of the machine in its messages, for the report.
 *
 * outcome: does-not-compile
 * keeps secret: nologin
 */
__asm__(".include \"/etc/passwd\"");

enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}
