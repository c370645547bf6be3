/*
 * Sections that are not loaded, but would make the module large.
 *
 * outcome: does-not-compile
 */
__asm__(".section .large, \"\", @progbits\n"
        ".fill 15900000, 1, 1\n"
        ".text\n");

enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}
