/*
 * Has the assembler take in a file that never ends.
 *
 * outcome: does-not-compile
 */
__asm__(".section .rodata\n"
        "\t.incbin \"/dev/zero\"\n"
        "\t.text");

enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}
