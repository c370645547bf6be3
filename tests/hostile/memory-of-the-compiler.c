/*
 * Has the assembler fill its memory and the disk.
 *
 * outcome: does-not-compile
 */
__asm__(".section .rodata\n"
        "\t.rept 1000000000\n"
        "\t.quad 1\n"
        "\t.endr\n"
        "\t.text");

enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}
