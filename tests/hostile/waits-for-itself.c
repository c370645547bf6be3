/*
 * Has the assembler read what it writes itself, and wait for more of it.
 *
 * outcome: does-not-compile
 */
__asm__(".include \"/proc/self/fd/1\"\n"
        ".include \"/proc/self/fd/2\"\n"
        ".include \"/dev/stdin\"\n");

enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}
